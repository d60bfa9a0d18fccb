import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryChunk } from "../../tests/support/arbitrary-chunk.js";
import { chunkRows } from "../../tests/support/chunk-rows.js";
import { type ComponentDump, dumpChunk } from "../../tests/support/rrd-dump.js";
import { type Chunk, type ComponentEntry, type DataColumn, entryOf, isStatic } from "../chunk/index.js";
import type { StoreId, Warning } from "../core/index.js";
import { arrowMsgSize, readArrowMsg, writeArrowMsg } from "../protos/index.js";
import { decodeRrd, RrdStreamDecoder } from "./decoder.js";
import { RrdEncoder, type RrdEncoderOptions } from "./encoder.js";
import { locateRrdFooter, readRrdFooter } from "./footer.js";
import type { RrdManifest } from "./manifest.js";
import { encodeStoreId, type RrdMessage } from "./messages.js";

const RECORDING: StoreId = { kind: "recording", applicationId: "app", recordingId: "rec" };
const BLUEPRINT: StoreId = { kind: "blueprint", applicationId: "app", recordingId: "bp" };

function write(chunks: readonly (readonly [StoreId, Chunk])[], options: RrdEncoderOptions = {}): Uint8Array {
  const encoder = new RrdEncoder(options);
  const parts = [encoder.start({ storeId: RECORDING, source: "rerun-ts test" })];
  if (chunks.some(([id]) => id === BLUEPRINT)) parts.push(encoder.start({ storeId: BLUEPRINT, source: "rerun-ts test" }));
  for (const [id, chunk] of chunks) parts.push(encoder.chunk(id, chunk));
  parts.push(encoder.blueprintActivation(BLUEPRINT, { makeActive: true, makeDefault: false }));
  parts.push(encoder.finish());
  return new Uint8Array(Buffer.concat(parts));
}

function read(bytes: Uint8Array): { messages: RrdMessage[]; warnings: Warning[] } {
  const warnings: Warning[] = [];
  return { messages: [...decodeRrd(bytes, { warn: (warning) => warnings.push(warning) })], warnings };
}

function manifestsOf(bytes: Uint8Array): RrdManifest[] {
  const footer = locateRrdFooter(bytes.subarray(-32), bytes.length);
  if (footer === undefined) return [];
  return readRrdFooter(bytes.subarray(footer.offset, footer.offset + footer.length), footer);
}

const stored = fc.tuple(fc.constantFrom(RECORDING, BLUEPRINT), arbitraryChunk());

describe("a recording", () => {
  it("decode(encode(x)) = x, however the bytes are cut on their way", () => {
    fc.assert(
      fc.property(
        fc.array(stored, { maxLength: 5 }),
        fc.constantFrom("lz4" as const, "none" as const),
        fc.boolean(),
        fc.integer({ min: 1, max: 400 }),
        (chunks, compression, writeFooter, pieceBytes) => {
          const bytes = write(chunks, { compression, writeFooter });
          const { messages, warnings } = read(bytes);
          expect(warnings).toEqual([]);
          const first = messages[0];
          expect(first).toEqual({ kind: "storeInfo", storeId: RECORDING, source: "rerun-ts test", version: "0.41.0" });
          expect(messages.at(-1)).toEqual({
            kind: "blueprintActivation",
            blueprintId: BLUEPRINT,
            makeActive: true,
            makeDefault: false,
          });
          const found = messages.filter((message) => message.kind === "chunk");
          expect(found.map(({ storeId, chunk }) => [storeId, chunk.id, chunk.entityPath, chunkRows(chunk)])).toEqual(
            chunks.map(([id, chunk]) => [id, chunk.id, chunk.entityPath, chunkRows(chunk)]),
          );
          const decoder = new RrdStreamDecoder({ warn: (warning) => expect(warning).toBeUndefined() });
          const pieces: RrdMessage[] = [];
          for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(...decoder.push(bytes.slice(at, at + pieceBytes)));
          decoder.finish();
          expect(pieces.map((message) => message.kind)).toEqual(messages.map((message) => message.kind));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("its manifest says of every chunk what is in it and where it lies", () => {
    fc.assert(
      fc.property(fc.array(stored, { minLength: 1, maxLength: 6 }), (chunks) => {
        const bytes = write(chunks);
        const manifests = manifestsOf(bytes);
        const places = read(bytes).messages.filter((message) => message.kind === "chunk");
        const entries = manifests.flatMap((manifest) => manifest.chunks).sort((a, b) => a.byteOffset - b.byteOffset);
        expect(entries).toEqual(
          places.map(({ chunk, place }) => ({
            ...entryOf(chunk),
            ...(isStatic(chunk) && { components: new Map([...chunk.components].map(staticEntry(chunk))) }),
            byteOffset: place.offset,
            byteSize: place.size,
            sizeBytes: place.uncompressedSize,
          })),
        );
        expect(new Set(manifests.map((manifest) => manifest.storeId.recordingId))).toEqual(
          new Set(chunks.map(([id]) => id.recordingId)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("without chunks ends with an empty end and a footer that says so", () => {
    const encoder = new RrdEncoder();
    const start = encoder.start({ storeId: RECORDING, source: "x" });
    const end = encoder.finish();
    expect(Buffer.from(end.subarray(0, 16))).toEqual(Buffer.alloc(16));
    const footer = Buffer.from(end.subarray(16));
    expect([Number(footer.readBigUInt64LE(0)), footer.readUInt32LE(16), footer.toString("latin1", 20, 28)]).toEqual([
      start.length + 16,
      0x2a973671,
      "RRF2FOOT",
    ]);
    expect(encoder.finish().length).toBe(0);
    expect(() => encoder.start({ storeId: RECORDING, source: "x" })).toThrow("finished");
  });

  it("begins with the bytes that the real SDK writes", () => {
    // From a file of the Python SDK 0.41.0 on Python 3.11.7; times and counters of ids are arbitrary there.
    const rowId = Uint8Array.of(0x18, 0xea, 0xb2, 0x3d, 0xb1, 0x16, 0x9e, 0x48, 0x3a, 0x19, 0xdb, 0x28, 0xf3, 0xc3, 0xdc, 0x5c);
    const encoder = new RrdEncoder({ rowIds: { nextInto: (target, at) => target.set(new Int32Array(rowId.buffer), at) } });
    const bytes = encoder.start({
      storeId: { kind: "recording", applicationId: "my_app", recordingId: "rec_0001" },
      source: "x",
    });
    const expected = [
      "52524632 00290000 01020000",
      "0100000000000000 3c00000000000000",
      "0a12 09489e16b13db2ea18 115cdcc3f328db193a",
      "1226 1216 0801 1208 7265635f30303031 1a08 0a06 6d795f617070",
      "2a07 0806 1203 0a01 78",
      "3203 08 8052",
    ];
    expect(Buffer.from(bytes).toString("hex")).toBe(expected.join("").replaceAll(" ", ""));
  });
});

const FIXTURES = new URL("../../tests/fixtures/rrd/", import.meta.url);
const recordings = readdirSync(FIXTURES).filter((name) => name.endsWith(".rrd"));

/** A value too long for its dump is there as the beginning of its text. */
function expectSameComponents(
  found: readonly ComponentDump[],
  expected: readonly (ComponentDump & { bytes_len?: number })[],
): void {
  expect(found.map(({ values: _, ...rest }) => rest)).toEqual(
    expected.map(({ component, archetype, component_type, arrow }) => ({ component, archetype, component_type, arrow })),
  );
  expected.forEach((each, index) => {
    if (each.bytes_len === undefined) expect(found[index]?.values).toEqual(each.values);
  });
}

describe("recordings of the real SDK", () => {
  it.each(recordings)("%s reads as pyarrow reads it", (name) => {
    const { messages, warnings } = read(readFileSync(new URL(name, FIXTURES)));
    expect(warnings).toEqual([]);
    const chunks = messages.filter((message) => message.kind === "chunk").map((message) => dumpChunk(message.chunk));
    const lines = readFileSync(new URL(name.replace(".rrd", ".jsonl"), FIXTURES), "utf8")
      .trim()
      .split("\n");
    const expected = lines.map((line) => JSON.parse(line));
    const keyOf = (each: { entity: string; timelines: unknown; components: readonly ComponentDump[] }): string =>
      JSON.stringify([each.entity, each.timelines, each.components.map((component) => [component.component, component.values])]);
    const byKey = (a: Parameters<typeof keyOf>[0], b: Parameters<typeof keyOf>[0]): number => (keyOf(a) < keyOf(b) ? -1 : 1);
    chunks.sort(byKey);
    expected.sort(byKey);
    expect(chunks.length).toBe(expected.length);
    chunks.forEach((chunk, index) => {
      const { entity, rows, static: isStatic, timelines, components } = expected[index];
      expect({ ...chunk, components: undefined }).toEqual({ entity, rows, static: isStatic, timelines });
      expectSameComponents(chunk.components, components);
    });
  });

  it.each(recordings)("the messages of %s are written byte for byte as the real SDK does", (name) => {
    const bytes = readFileSync(new URL(name, FIXTURES));
    for (const message of read(bytes).messages) {
      if (message.kind !== "chunk") continue;
      const { offset, size } = message.place;
      const original = bytes.subarray(offset, offset + size);
      const { storeId = new Uint8Array(0), compression, uncompressedSize, payload } = readArrowMsg(original);
      const head = {
        storeId,
        compression,
        uncompressedSize,
        chunkId: message.chunk.id,
        isStatic: message.chunk.timelines.size === 0,
      };
      const out = Buffer.alloc(arrowMsgSize(head, payload.length));
      out.set(payload, writeArrowMsg(head, payload.length, out, 0));
      expect(Buffer.compare(out, original), `chunk at byte ${offset}`).toBe(0);
      expect(Buffer.compare(encodeStoreId(message.storeId), storeId), `store at byte ${offset}`).toBe(0);
    }
  });

  it.each(recordings)("the index of %s is ours of the same chunks", (name) => {
    const original = readFileSync(new URL(name, FIXTURES));
    const chunks = read(original).messages.filter((message) => message.kind === "chunk");
    const encoder = new RrdEncoder();
    const parts = [encoder.start({ storeId: chunks[0]?.storeId ?? RECORDING, source: "x" })];
    for (const { storeId, chunk } of chunks) parts.push(encoder.chunk(storeId, chunk));
    parts.push(encoder.finish());
    const ours = manifestsOf(new Uint8Array(Buffer.concat(parts)));
    const theirs = manifestsOf(original);
    const shape = (manifests: readonly RrdManifest[]): unknown =>
      manifests.map(({ storeId, fields, table, chunks: entries }) => ({
        storeId,
        fields: [...fields].sort((a, b) => (a.name < b.name ? -1 : 1)).map(withSortedMetadata),
        columns: table.fields.map(withSortedMetadata),
        chunks: entries.map(({ byteOffset: _o, byteSize: _s, sizeBytes: _u, ...rest }) => rest),
      }));
    expect(shape(ours)).toEqual(shape(theirs));
  });
});

function withSortedMetadata<T extends { readonly metadata?: ReadonlyMap<string, string> }>(field: T): unknown {
  return { ...field, metadata: [...(field.metadata ?? [])].sort() };
}

/** A manifest tells only that a static chunk has the column. */
function staticEntry(chunk: Chunk): (column: [string, DataColumn]) => readonly [string, ComponentEntry] {
  return ([name, { descriptor }]) => [name, { descriptor, numCells: chunk.numRows, timelines: new Map() }];
}
