/** Stands between a client and a server as a bad network: cuts connections, and changes bytes on their way. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface TcpProxy {
  readonly port: number;
  /** So many bytes have come from the server, on all connections. */
  receivedBytes(): number;
  /** Ends all connections. */
  cut(): void;
  close(): Promise<void>;
}

/**
 * A proxy before this port of this machine.
 *
 * @param pass what the client gets of what the server sent; `undefined` ends the connection
 */
export async function startTcpProxy(port: number, pass: (bytes: Buffer) => Buffer | undefined): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let received = 0;
  const own = (socket: Socket, other: () => Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined); // The other end is cut, as in a network.
    socket.on("close", () => {
      sockets.delete(socket);
      other().destroy();
    });
  };
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    own(client, () => upstream);
    own(upstream, () => client);
    client.pipe(upstream);
    upstream.on("data", (bytes: Buffer) => {
      received += bytes.length;
      const passed = pass(bytes);
      if (passed === undefined) client.destroy();
      else if (!client.write(passed)) {
        upstream.pause();
        client.once("drain", () => upstream.resume());
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    receivedBytes: () => received,
    cut,
    close: async () => {
      cut();
      await new Promise((closed) => server.close(closed));
    },
  };
}
