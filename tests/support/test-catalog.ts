/** A data platform in the test's process, and clients of it that go through a proxy. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CatalogClient, type ConnectOptions, type DatasetEntry } from "../../src/catalog/index.js";
import type { Chunk } from "../../src/chunk/index.js";
import { type PlatformServer, type PlatformServerOptions, startPlatformServer } from "../../src/server/index.js";
import { recordingBytes } from "./recording-bytes.js";
import { type ProxyHooks, type RedapProxy, startRedapProxy } from "./redap-proxy.js";
import { scalarChunk } from "./scalar-chunk.js";

export interface TestCatalog {
  readonly server: PlatformServer;
  /** A client that is not held up, for what a test needs to be there. */
  readonly client: CatalogClient;
  /** Writes a recording. @returns its path */
  recording(segmentId: string, chunks: readonly Chunk[], file?: string): string;
  /** Where files lie. */
  readonly folder: string;
  /** Writes a blueprint. @returns its path */
  blueprint(id: string): string;
  /** A file with these bytes. @returns its path */
  file(name: string, bytes: Uint8Array | string): string;
  /** A dataset with these segments. */
  dataset(name: string, segments: Readonly<Record<string, readonly Chunk[]>>): Promise<DatasetEntry>;
  /** A client behind a proxy. */
  through(hooks?: ProxyHooks, options?: ConnectOptions): Promise<{ readonly client: CatalogClient; readonly proxy: RedapProxy }>;
  close(): Promise<void>;
}

/** @param connectOptions of `client` */
export async function startTestCatalog(
  options: PlatformServerOptions = {},
  connectOptions: ConnectOptions = {},
): Promise<TestCatalog> {
  const folder = mkdtempSync(join(tmpdir(), "rerun-ts-catalog-"));
  const server = await startPlatformServer({ port: 0, dataDir: join(folder, "data"), ...options });
  const client = await CatalogClient.connect(server.url, connectOptions);
  const closers: (() => Promise<void>)[] = [];
  const file = (name: string, bytes: Uint8Array | string): string => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const recording = (segmentId: string, chunks: readonly Chunk[], name = `${segmentId}.rrd`): string =>
    file(name, recordingBytes(segmentId, chunks));
  return {
    server,
    client,
    folder,
    file,
    recording,
    blueprint: (id) => file(`${id}.rbl`, recordingBytes(id, [scalarChunk([], [1], { timeline: undefined })], "blueprint")),
    async dataset(name, segments) {
      const dataset = await client.createDataset(name);
      const paths = Object.entries(segments).map(([id, chunks]) => recording(id, chunks, `${name}-${id}.rrd`));
      if (paths.length > 0) await (await dataset.register(paths)).wait();
      return dataset;
    },
    async through(hooks = {}, ownOptions = connectOptions) {
      const proxy = await startRedapProxy(server.port, hooks);
      closers.push(() => proxy.close());
      const own = await CatalogClient.connect(proxy.url, ownOptions);
      closers.push(() => own.close());
      return { client: own, proxy };
    },
    async close() {
      for (const close of closers.splice(0).reverse()) await close();
      await client.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
