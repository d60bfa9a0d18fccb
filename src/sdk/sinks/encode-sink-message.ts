import { chunkFromIpc } from "../../chunk/arrow.js";
import type { RrdEncoder } from "../../rrd/index.js";
import { SOURCE } from "../source.js";
import type { SinkMessage } from "./sink-message.js";

/** The frame of a message that came from the recording's thread. */
export function encodeSinkMessage(encoder: RrdEncoder, message: SinkMessage): Uint8Array {
  const { storeId } = message;
  switch (message.kind) {
    case "store":
      return encoder.start({ storeId, source: SOURCE });
    case "chunk":
      return encoder.ipcChunk(storeId, chunkFromIpc(message.chunk.ipc), message.chunk.ipc);
    case "activation":
      return encoder.blueprintActivation(storeId, message);
  }
}
