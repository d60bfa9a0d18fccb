import type { FileHandle } from "node:fs/promises";
import { RerunError } from "../core/index.js";
import { openFile } from "./open-file.js";

/** Bytes that are read by their place, wherever they lie. */
export interface ByteSource {
  /** Path or address, for messages. */
  readonly name: string;
  readonly sizeBytes: number;
  /**
   * Fills `target` with the bytes from `offset` on.
   * @throws RerunError `CorruptFile` when there are fewer bytes, `Closed`; the reason of `signal`
   */
  readInto(target: Uint8Array, offset: number, signal?: AbortSignal): Promise<void>;
  /** @throws RerunError `CorruptFile` when the bytes are others since the source was opened, if reading does not tell that */
  checkUnchanged(): Promise<void>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** Bytes of a source, in memory of their own. @throws RerunError as `ByteSource.readInto` */
export async function readBytes(source: ByteSource, offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
  const { name, sizeBytes } = source;
  if (offset + length > sizeBytes) {
    const missing = offset + length - sizeBytes;
    throw new RerunError("CorruptFile", `The file ends at byte ${sizeBytes}, expected ${missing} more: ${name}`);
  }
  const bytes = freshBytes(length);
  await source.readInto(bytes, offset, signal);
  return bytes;
}

/** Memory that is not cleared: for bytes that are written at once. */
export function freshBytes(length: number): Uint8Array {
  const { buffer, byteOffset } = Buffer.allocUnsafeSlow(length);
  return new Uint8Array(buffer, byteOffset, length);
}

/** Of sources that nobody closed, as those of a notebook cell that is run again: Node itself would close them with a warning. */
const forgotten = new FinalizationRegistry((handle: FileHandle) => {
  handle.close().catch(() => undefined); // nobody is left to tell
});

/** A file on disk. @throws RerunError `NotFound` when it cannot be opened */
export async function openFileBytes(path: string): Promise<ByteSource> {
  let handle: FileHandle | undefined = await openFile(path);
  const { size, mtimeMs } = await handle.stat();
  const source: ByteSource = {
    name: path,
    sizeBytes: size,
    async readInto(target, offset, signal) {
      for (let done = 0; done < target.length; ) {
        signal?.throwIfAborted();
        if (handle === undefined) throw new RerunError("Closed", `The file is closed: ${path}`);
        const { bytesRead } = await handle.read(target, done, target.length - done, offset + done);
        if (bytesRead === 0) {
          throw new RerunError(
            "CorruptFile",
            `The file ends at byte ${offset + done}, expected ${target.length - done} more: ${path}`,
          );
        }
        done += bytesRead;
      }
    },
    async checkUnchanged() {
      const now = await handle?.stat();
      if (now === undefined || (now.size === size && now.mtimeMs === mtimeMs)) return;
      throw changed(path);
    },
    async close() {
      const open = handle;
      handle = undefined;
      forgotten.unregister(source);
      await open?.close();
    },
  };
  forgotten.register(source, handle, source);
  return source;
}

/** The error for bytes that are not those of the file that was opened. */
export function changed(name: string): RerunError {
  return new RerunError("CorruptFile", `The file is another one since it was opened: ${name}`);
}
