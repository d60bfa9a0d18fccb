/** Small helpers for tests that call a redap server without a catalog client. */
import { type Client, createClient } from "@connectrpc/connect";
import { type Table, tableFromIPC } from "apache-arrow";
import { type DataframePart, RerunCloudService, type Tuid } from "../../src/protos/redap.js";
import { ipcFromDataframePart, RpcChannel, type RpcChannelOptions } from "../../src/rpc/index.js";

export type RedapService = Client<typeof RerunCloudService>;

export function connectRedap(port: number, options: RpcChannelOptions = {}): RedapService {
  return createClient(RerunCloudService, new RpcChannel(`http://127.0.0.1:${port}`, options).transport);
}

/** The header that names the entry of a call. */
export function withId(id: string): { readonly headers: Record<string, string> } {
  return { headers: { "x-rerun-entry-id": id } };
}

/** An entry's id as 32 hexadecimal digits. */
export function hexOf(id: Tuid | undefined): string {
  return [id?.timeNs, id?.inc].map((half = 0n) => half.toString(16).padStart(16, "0")).join("");
}

export function tableOfPart(part: DataframePart | undefined): Table {
  return tableFromIPC(ipcFromDataframePart(part));
}
