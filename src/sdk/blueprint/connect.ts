import { MessageProxyService } from "../../protos/proxy.js";
import { DEFAULT_PROXY_PORT, logMsgOfFrame, parseProxyUrl, RpcChannel } from "../../rpc/index.js";
import { RrdEncoder } from "../../rrd/index.js";
import { encodeStore } from "../sinks/encode-store.js";
import { makeBlueprint, type SendBlueprintOptions } from "./message.js";
import type { BlueprintRow } from "./rows.js";

export interface ConnectBlueprintOptions extends SendBlueprintOptions {
  /** Where the viewer listens. Default: `rerun+http://127.0.0.1:9876/proxy`. */
  readonly url?: string | undefined;
  /** Gives up; what was sent by then may have arrived. */
  readonly signal?: AbortSignal | undefined;
}

/** Sends a blueprint to a viewer. @throws RerunError `InvalidArgument` for a malformed URL, `Unavailable` when nobody answers */
export async function writeBlueprint(
  applicationId: string,
  rows: readonly BlueprintRow[],
  options: ConnectBlueprintOptions,
): Promise<void> {
  const { url = `rerun+http://127.0.0.1:${DEFAULT_PROXY_PORT}/proxy`, signal } = options;
  const { origin } = parseProxyUrl(url);
  const channel = new RpcChannel(origin);
  try {
    const call = await channel.open(MessageProxyService.method.writeMessages, signal === undefined ? {} : { signal });
    const encoder = new RrdEncoder({ writeFooter: false });
    for (const frame of encodeStore(encoder, makeBlueprint(applicationId, rows, options))) {
      await call.send(...logMsgOfFrame(frame));
    }
    call.end();
    for await (const _ of call.responses); // The answer is empty; it tells that all has arrived.
  } finally {
    channel.close();
  }
}
