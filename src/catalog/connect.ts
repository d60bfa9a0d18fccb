import { isRerunError, RerunError, VERSION } from "../core/index.js";
import type { WaitOptions } from "../dataset/index.js";
import { parseRedapUrl } from "../rpc/index.js";
import { Connection } from "./connection.js";

export interface ConnectOptions extends WaitOptions {
  /** A JWT. It goes only to the hosts that it names. Default: the environment's `REDAP_TOKEN`, when the server asks for one. */
  readonly token?: string | undefined;
  /** What a result in memory, and the chunks that a query has in memory at once, may take, in bytes. Default: 4 GiB. */
  readonly memoryLimitBytes?: number | undefined;
}

/** A connection to a server that answers. @throws RerunError `InvalidArgument`, `Unavailable`, `Unauthenticated` */
export async function connect(url: string, { token, signal }: ConnectOptions): Promise<Connection> {
  try {
    return await connectWith(token, url, signal);
  } catch (error) {
    // The environment's token goes only to servers that ask for one.
    const { REDAP_TOKEN } = process.env;
    if (token !== undefined || REDAP_TOKEN === undefined || !isRerunError(error, "Unauthenticated")) throw error;
    return connectWith(REDAP_TOKEN, url, signal);
  }
}

async function connectWith(token: string | undefined, url: string, signal: AbortSignal | undefined): Promise<Connection> {
  const address = parseRedapUrl(/^https?:\/\//.test(url) ? `rerun+${url}` : url);
  const connection = new Connection(address, { token, version: VERSION });
  try {
    await connection.connect({ signal });
    const { capabilities } = await connection.call((client, call) => client.whoAmI({}, call), { signal });
    connection.capabilities = new Set(capabilities?.capabilities);
    return connection;
  } catch (error) {
    connection.close();
    if (!isRerunError(error, "Internal")) throw error;
    const message = `what answers there is no data platform: ${error.message}: ${address.origin}`;
    throw new RerunError("Unavailable", message, { cause: error });
  }
}
