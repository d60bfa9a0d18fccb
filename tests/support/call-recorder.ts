import { once } from "node:events";
import { connect, constants, createServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";

/** Stands between gRPC clients and a server, and remembers which calls were made. */
export interface CallRecorder {
  /** For clients: `rerun+http://127.0.0.1:…` */
  readonly url: string;
  /** Names of the calls' methods, in order. */
  readonly calls: string[];
  close(): void;
}

export async function recordCalls(port: number): Promise<CallRecorder> {
  const calls: string[] = [];
  const upstream = connect(`http://127.0.0.1:${port}`);
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", (stream, headers) => {
    calls.push(String(headers[":path"]).split("/").at(-1) ?? "");
    const call = upstream.request(headers);
    stream.pipe(call);
    stream.on("error", () => undefined); // Whoever was cut off says so itself.
    stream.on("close", () => call.close(stream.rstCode));
    call.on("error", () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
    call.on("response", (answer, flags) => {
      const isEnd = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      stream.respond(answer, { endStream: isEnd, waitForTrailers: !isEnd });
      if (isEnd) return;
      let trailers = {};
      call.on("trailers", (own) => {
        trailers = own;
      });
      stream.on("wantTrailers", () => stream.sendTrailers(trailers));
      call.pipe(stream);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `rerun+http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () => {
      for (const session of sessions) session.destroy();
      upstream.destroy();
      server.close();
    },
  };
}
