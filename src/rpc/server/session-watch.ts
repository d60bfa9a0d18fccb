/** How often it is looked whether a peer lives, and asked when nothing else shows it. */
const LOOK_MS = 10_000;
/**
 * A connection is given up on which nothing has moved for so long. An answer to a ping waits behind all that was written before it,
 * megabytes in the kernel alone: a peer that takes them slowly is alive, so what it takes counts as much as what it says.
 */
const SILENT_MS = 60_000;

export interface SessionWatchOptions {
  readonly lookMs?: number;
  readonly silentMs?: number;
}

/** What a connection has carried so far. Bytes count as written once those before them have been passed on. */
interface Carried {
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

interface WatchedSession {
  readonly closed: boolean;
  readonly destroyed: boolean;
  ping(callback: () => void): boolean;
  destroy(): void;
}

/**
 * Ends a session of HTTP/2 when its peer is gone without a word: nothing came, and nothing more was taken, for `silentMs`.
 *
 * @returns ends the watch
 */
export function watchSession(
  session: WatchedSession,
  socket: Carried,
  { lookMs = LOOK_MS, silentMs = SILENT_MS }: SessionWatchOptions = {},
): () => void {
  let [bytesRead, bytesWritten] = [socket.bytesRead, socket.bytesWritten];
  let isAsked = false;
  let silentSince = performance.now();
  const timer = setInterval(() => {
    if (session.destroyed || session.closed) return;
    if (socket.bytesRead !== bytesRead || socket.bytesWritten !== bytesWritten) {
      [bytesRead, bytesWritten] = [socket.bytesRead, socket.bytesWritten];
      silentSince = performance.now();
    } else if (performance.now() - silentSince >= silentMs) {
      session.destroy();
      return;
    }
    // One question at a time: a ping is written too, and the next one would look as if the peer had taken something.
    if (!isAsked) {
      isAsked = session.ping(() => {
        isAsked = false;
      });
    }
  }, lookMs).unref();
  return () => clearInterval(timer);
}
