import { create } from "@bufbuild/protobuf";
import { Table, tableFromArrays, tableToIPC, vectorFromArray } from "apache-arrow";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRerunError } from "../core/index.js";
import { Compression, DataframePartSchema, EncoderVersion } from "../protos/redap.js";
import {
  columnsFromDataframePart,
  dataframePartFromIpc,
  ipcFromDataframePart,
  tableFromDataframePart,
} from "./dataframe-part.js";

const numbers = new Float64Array(1000).map((_, i) => i % 7);
// A column of texts becomes a dictionary, as in what servers answer.
const names = vectorFromArray(Array.from(numbers, (x) => `n${x}`));
const ipc = tableToIPC(new Table({ x: vectorFromArray(numbers), name: names }), "stream");

describe("a dataframe part", () => {
  test("gives back its Arrow data, compressed or not", () => {
    for (const compression of ["lz4", "none"] as const) {
      const part = dataframePartFromIpc(ipc, { compression });
      expect(part.compression).toBe(compression === "lz4" ? Compression.LZ4 : Compression.NONE);
      expect(ipcFromDataframePart(part)).toEqual(ipc);
      const table = tableFromDataframePart(part);
      expect([table.numRows, table.getChild("x")?.get(8), table.getChild("name")?.get(8)]).toEqual([1000, 1, "n1"]);
    }
  });

  test("is read without apache-arrow when its types are plain", () => {
    const plain = tableToIPC(tableFromArrays({ x: numbers }), "stream");
    const { fields, numRows } = columnsFromDataframePart(dataframePartFromIpc(plain));
    expect([fields.map(({ name }) => name), numRows]).toEqual([["x"], 1000]);
  });

  test("that says it is larger than allowed is refused before it is unpacked", () => {
    expect(() => ipcFromDataframePart(dataframePartFromIpc(ipc), { maxBytes: 100 })).toThrow("more than the 100 bytes");
    const lie = create(DataframePartSchema, {
      encoderVersion: EncoderVersion.V0,
      payload: new Uint8Array(10),
      compression: Compression.LZ4,
      uncompressedSize: 2n ** 29n,
    });
    expect(() => ipcFromDataframePart(lie)).toThrow("more than a block can hold");
  });

  test("that lacks something or has unknown values says which", () => {
    const part = { ...dataframePartFromIpc(ipc) };
    expect(() => ipcFromDataframePart(undefined)).toThrow("without its dataframe");
    expect(() => ipcFromDataframePart(create(DataframePartSchema, { encoderVersion: EncoderVersion.V0 }))).toThrow(
      "without data",
    );
    expect(() => ipcFromDataframePart({ ...part, encoderVersion: 7 as EncoderVersion })).toThrow("encoder version 7");
    expect(() => ipcFromDataframePart({ ...part, compression: 9 as Compression })).toThrow("unknown compression 9");
  });

  test("that is damaged anywhere ends in a table or in InvalidData", () => {
    fc.assert(
      fc.property(fc.nat(ipc.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = new Uint8Array(ipc);
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        try {
          tableFromDataframePart(dataframePartFromIpc(damaged));
        } catch (error) {
          expect(isRerunError(error, "InvalidData")).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
