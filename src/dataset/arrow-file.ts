import { type FileHandle, open as openFile, readFile } from "node:fs/promises";
import * as arrow from "apache-arrow";
import { RerunError } from "../core/index.js";
import { arrowBatch, arrowSchema, frameFromArrow } from "./arrow-table.js";
import type { MemoryFrame, OpenFrame } from "./frame-source.js";
import { writeWhole } from "./write-file.js";

/** Writes an Arrow IPC file, batch by batch. */
export async function writeArrowFile(frame: OpenFrame, path: string, signal: AbortSignal | undefined): Promise<void> {
  await writeWhole(path, async (temporary) => {
    const file = await openFile(temporary, "w");
    try {
      const schema = arrowSchema(frame.fields, frame.metadata);
      const pending: Uint8Array[] = [];
      const writer = writerTo(pending);
      writer.reset(undefined, schema);
      await drain(pending, file);
      for await (const batch of frame.batches({ signal })) {
        writer.write(arrowBatch(schema, batch));
        await drain(pending, file);
      }
      writer.finish();
      await drain(pending, file);
    } finally {
      await file.close();
    }
  });
}

/** A writer whose bytes come into `pending`. */
function writerTo(pending: Uint8Array[]): arrow.RecordBatchFileWriter {
  const sink = new arrow.AsyncByteQueue();
  sink.write = (bytes) => {
    if (bytes instanceof Uint8Array && bytes.byteLength > 0) pending.push(bytes);
  };
  const writer = new arrow.RecordBatchFileWriter();
  writer.reset(sink as unknown as WritableStream<Uint8Array>);
  return writer;
}

async function drain(pending: Uint8Array[], file: FileHandle): Promise<void> {
  for (const part of pending.splice(0)) await file.appendFile(part);
}

/**
 * An Arrow IPC file or stream.
 *
 * @throws RerunError `NotFound` when it cannot be read, `CorruptFile` when it is something else
 */
export async function readArrowFile(path: string): Promise<MemoryFrame> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new RerunError("NotFound", `The file cannot be read: ${path}`, { cause });
  }
  try {
    return frameFromArrow(arrow.tableFromIPC(bytes));
  } catch (cause) {
    throw new RerunError("CorruptFile", `Not an Arrow file, or a damaged one: ${path}`, { cause });
  }
}
