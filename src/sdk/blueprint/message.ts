import { randomUUID } from "node:crypto";
import type { Chunk } from "../../chunk/index.js";
import { createClock, createTuidSource, isStrict, normalizeEntityPath, warnOnce } from "../../core/index.js";
import { normalizeApplicationId } from "../application-id.js";
import { Batcher } from "../batcher.js";
import { batcherConfig, environmentFlag } from "../batcher-config.js";
import type { StoreMessage } from "../sinks/sink.js";
import { AutomaticTimes, STATIC_ROW, Timepoint } from "../timepoint.js";
import type { BlueprintRow } from "./rows.js";

export interface SendBlueprintOptions {
  /** Whether viewers show it at once. Default: `true`. */
  readonly makeActive?: boolean;
  /** Whether viewers show it when the blueprint is reset, or when there is none. Default: `true`. */
  readonly makeDefault?: boolean;
}

/** A blueprint as a store of its own: its rows on the timeline `blueprint` at 0, batched as a recording's are. */
export function makeBlueprint(
  applicationId: string,
  rows: readonly BlueprintRow[],
  { makeActive = true, makeDefault = true }: SendBlueprintOptions = {},
): StoreMessage {
  const chunks: Chunk[] = [];
  const clock = createClock();
  const hasLogTick = environmentFlag(process.env, "RERUN_LOG_TICK", false);
  const time = new Timepoint(new AutomaticTimes(environmentFlag(process.env, "RERUN_LOG_TIME", true), hasLogTick));
  time.set("blueprint", { sequence: 0 });
  const batcher = new Batcher({
    config: batcherConfig({}, process.env),
    clock,
    tuids: createTuidSource({ clock }),
    emit: (flushed) => {
      chunks.push(...flushed);
    },
    warn: warnOnce,
  });
  for (const { path, value, isStatic } of rows) {
    clock.read();
    const times = time.next(clock);
    batcher.append(batcher.entity(normalizeEntityPath(path, warnOnce)), isStatic ? STATIC_ROW : times, value, isStrict());
  }
  batcher.flush();
  const storeId = {
    kind: "blueprint",
    applicationId: normalizeApplicationId(applicationId, warnOnce),
    recordingId: `rec_${randomUUID().replaceAll("-", "")}`,
  } as const;
  return { storeId, chunks, makeActive, makeDefault };
}
