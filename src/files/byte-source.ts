import { RerunError } from "../core/index.js";
import { openFile } from "./open-file.js";

/** Bytes that are read by their place, wherever they lie. */
export interface ByteSource {
  /** Path or address, for messages. */
  readonly name: string;
  readonly sizeBytes: number;
  /** @throws RerunError `CorruptFile` when there are fewer bytes, `Closed`; the reason of `signal` */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** A file on disk. @throws RerunError `NotFound` when it cannot be opened */
export async function openFileBytes(path: string): Promise<ByteSource> {
  let handle: Awaited<ReturnType<typeof openFile>> | undefined = await openFile(path);
  const { size } = await handle.stat();
  return {
    name: path,
    sizeBytes: size,
    async read(offset, length, signal) {
      const bytes = Buffer.allocUnsafeSlow(length);
      for (let done = 0; done < length; ) {
        signal?.throwIfAborted();
        if (handle === undefined) throw new RerunError("Closed", `The file is closed: ${path}`);
        const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0) {
          throw new RerunError("CorruptFile", `The file ends at byte ${offset + done}, expected ${length - done} more: ${path}`);
        }
        done += bytesRead;
      }
      return new Uint8Array(bytes.buffer, bytes.byteOffset, length);
    },
    async close() {
      const open = handle;
      handle = undefined;
      await open?.close();
    },
  };
}
