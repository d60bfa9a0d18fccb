import { setMaxListeners } from "node:events";
import { either } from "../dataset/index.js";

/**
 * The answers to many questions that are asked at once, in the order of `items`. The first failure ends the others.
 *
 * @param ask passes on its signal
 * @throws what the first that failed threw; the reason of `signal`
 */
export async function askAll<T, R>(
  items: readonly T[],
  ask: (item: T, signal: AbortSignal) => Promise<R>,
  signal: AbortSignal | undefined,
): Promise<R[]> {
  const stop = new AbortController();
  const own = either(stop.signal, signal);
  // Each call listens, and there may be more of them than Node 20 thinks usual.
  setMaxListeners(0, own);
  try {
    return await Promise.all(items.map((item) => ask(item, own)));
  } finally {
    stop.abort();
  }
}
