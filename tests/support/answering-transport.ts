import type { Notice, Reply, Request, Transport } from "../../src/link/client.js";
import type { Answer } from "../../src/link/index.js";

/** A connection within one program to a service, which answers at once or when what it needs has come. */
export function answeringTransport(service: { handle(request: Request): Answer }): Transport {
  let tell: (message: Reply | Notice, buffers: readonly Uint8Array[]) => void = () => {};
  return {
    async send(request) {
      for (const { content, buffers } of await service.handle(request)) tell(content, buffers);
    },
    onMessage: (listener) => {
      tell = listener;
    },
    onStatus: () => {},
    close: () => {},
  };
}
