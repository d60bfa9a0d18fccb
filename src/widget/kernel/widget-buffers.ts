/** Binary values of a widget's state travel beside its JSON: `paths[i]` says where `buffers[i]` belongs. */
import { isJsonObject, type JsonObject } from "./frames.js";

export type BufferPath = readonly (string | number)[];

export interface SplitState {
  readonly state: JsonObject;
  readonly paths: readonly BufferPath[];
  readonly buffers: readonly Uint8Array[];
}

/** Takes binary values out of `state`: keys of objects are left out, items of lists become null. Does not change `state`. */
export function takeBuffers(state: JsonObject): SplitState {
  const paths: BufferPath[] = [];
  const buffers: Uint8Array[] = [];
  const walk = (value: unknown, path: BufferPath): unknown => {
    if (ArrayBuffer.isView(value)) {
      paths.push(path);
      buffers.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      return undefined;
    }
    if (Array.isArray(value)) return value.map((item, i) => walk(item, [...path, i]) ?? null);
    if (!isJsonObject(value)) return value;
    const entries = Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
  };
  return { state: walk(state, []) as JsonObject, paths, buffers };
}

/** The reverse of `takeBuffers`: a new state with the buffers at their places. Paths that lead nowhere are left out. */
export function putBuffers(split: SplitState): JsonObject {
  const root = structuredClone(split.state) as Record<string, unknown>;
  split.paths.forEach((path, i) => {
    const last = path.at(-1);
    let holder: unknown = root;
    for (const step of path.slice(0, -1)) holder = member(holder, step);
    if (last === undefined || typeof holder !== "object" || holder === null) return;
    Object.defineProperty(holder, last, { value: split.buffers[i], configurable: true, enumerable: true, writable: true });
  });
  return root;
}

function member(holder: unknown, step: string | number): unknown {
  if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, step)) return undefined;
  return (holder as Record<string | number, unknown>)[step];
}
