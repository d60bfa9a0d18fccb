import { RerunError } from "../../core/index.js";
import { replaceFileSync } from "../../files/index.js";
import { RrdEncoder } from "../../rrd/index.js";
import { encodeStore } from "../sinks/encode-store.js";
import { reasonOf } from "../sinks/output-file.js";
import { makeBlueprint } from "./message.js";
import type { BlueprintRow } from "./rows.js";

/** Writes a blueprint to a file; one that is there is replaced as a whole. Default path: the application id with `.rbl`. @throws RerunError `SinkFailed` */
export function saveBlueprint(applicationId: string, rows: readonly BlueprintRow[], path: string = `${applicationId}.rbl`): void {
  const encoder = new RrdEncoder();
  const bytes = [...encodeStore(encoder, makeBlueprint(applicationId, rows)), encoder.finish()];
  try {
    replaceFileSync(path, Buffer.concat(bytes));
  } catch (cause) {
    throw new RerunError("SinkFailed", `save: the file cannot be written: ${reasonOf(cause)}: ${path}`, { cause });
  }
}
