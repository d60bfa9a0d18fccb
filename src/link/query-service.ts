import { asArray, asCount, asInt64, asText, encodeChunk } from "../chunk/index.js";
import { isRerunError, type RecordingInfo, RerunError } from "../core/index.js";
import type { ChunkStore } from "../store/index.js";
import { encodeIndexDelta } from "./index-codec.js";
import { type Envelope, MAX_PART_BYTES, PROTOCOL_VERSION, type Reply, type Request } from "./messages.js";
import { packPieces } from "./piece-codec.js";
import { reduceSeries } from "./series.js";
import { encodeSeries } from "./series-codec.js";
import { StoreHistory } from "./store-history.js";

const MAX_CHUNK_IDS = 20_000;
const MAX_BUCKETS = 65_536;

/** What a reply part carries besides its numbering. */
interface Part {
  readonly content?: Pick<Reply, "hello" | "missing" | "error">;
  readonly buffer?: Uint8Array;
}

/**
 * Answers what a viewer asks about one recording. Keeps nothing of a viewer: several may ask the same service, and a repeated
 * request is simply answered again.
 */
export class QueryService {
  readonly #store: ChunkStore;
  readonly #info: () => RecordingInfo;
  readonly #history: StoreHistory;
  #answer = 0;

  /** @param info what is said of the recording; a function is asked anew each time */
  constructor(store: ChunkStore, info: RecordingInfo | (() => RecordingInfo)) {
    this.#store = store;
    this.#info = typeof info === "function" ? info : () => info;
    this.#history = StoreHistory.of(store);
  }

  /**
   * The parts of the reply, each made when it is asked for; a caller lets other work in between them. What goes wrong
   * is said in the reply. Events are not answered; a `bundle` is not the service's to give.
   */
  *handle(request: Request): Generator<Envelope<Reply>> {
    if (request.kind === "event") return;
    this.#answer += 1;
    const base = { kind: "reply", id: request.id, answer: this.#answer } as const;
    let seq = 0;
    let waiting: Part | undefined;
    for (const part of this.#safeParts(request)) {
      if (waiting !== undefined) {
        yield envelope({ ...base, seq, last: false, ...waiting.content }, waiting.buffer);
        seq += 1;
      }
      waiting = part;
    }
    yield envelope({ ...base, seq, last: true, ...waiting?.content }, waiting?.buffer);
  }

  *#safeParts(request: Request): Generator<Part> {
    try {
      yield* this.#parts(request);
    } catch (error) {
      const code = isRerunError(error) ? error.code : "InvalidData";
      yield { content: { error: { code, message: error instanceof Error ? error.message : String(error) } } };
    }
  }

  #parts(request: Request): Iterable<Part> {
    switch (request.kind) {
      case "hello":
        return [this.#hello(request.protocol)];
      case "index":
        return cut(encodeIndexDelta(this.#history.deltaSince(asCount(request.sinceRevision, "revision"), this.#info())));
      case "chunks":
        return this.#chunks(request.chunkIds);
      case "series":
        return this.#series(request);
      default:
        throw new RerunError("Unsupported", `The recording does not answer "${String(request.kind)}"`);
    }
  }

  #hello(protocol: number): Part {
    if (protocol !== PROTOCOL_VERSION) {
      throw new RerunError(
        "Unsupported",
        `This viewer speaks protocol ${protocol}, the recording ${PROTOCOL_VERSION}: run the cell again and reload the page`,
      );
    }
    const { applicationId, recordingId, name } = this.#info();
    const recording = { applicationId, recordingId, ...(name !== undefined && { name }) };
    return { content: { hello: { protocol: PROTOCOL_VERSION, recording, revision: this.#store.revision } } };
  }

  *#chunks(chunkIds: readonly string[]): Generator<Part> {
    const numIds = asArray(chunkIds, "list of chunk ids").length;
    if (numIds > MAX_CHUNK_IDS) {
      throw new RerunError("LimitExceeded", `A request names at most ${MAX_CHUNK_IDS} chunks, got ${numIds}`);
    }
    const chunks = chunkIds.flatMap((id) => this.#store.chunk(asText(id, "chunk id")) ?? []);
    if (chunks.length < chunkIds.length) {
      const found = new Set(chunks.map(({ id }) => id));
      yield { content: { missing: chunkIds.filter((id) => !found.has(id)) } };
    }
    const bodies = (function* () {
      for (const chunk of chunks) yield { chunkId: chunk.id, body: encodeChunk(chunk) };
    })();
    for (const buffer of packPieces(bodies)) yield { buffer };
  }

  #series(request: Extract<Request, { kind: "series" }>): Iterable<Part> {
    const component = asText(request.component, "component");
    const timeline = asText(request.timeline, "timeline");
    const range = { min: asInt64(request.from, "time"), max: asInt64(request.to, "time") };
    const buckets = asCount(request.buckets, "number of buckets");
    const instance = asCount(request.instance ?? 0, "instance");
    if (buckets < 1 || buckets > MAX_BUCKETS) {
      throw new RerunError("InvalidArgument", `A series has 1 to ${MAX_BUCKETS} buckets, got ${buckets}`);
    }
    const parts = this.#store.range({ entityPath: asText(request.entityPath, "entity path"), component, timeline, range });
    return cut(encodeSeries(reduceSeries(parts, { component, timeline, range, buckets, instance })));
  }
}

function* cut(block: Uint8Array): Generator<Part> {
  for (let at = 0; at < block.length; at += MAX_PART_BYTES) yield { buffer: block.subarray(at, at + MAX_PART_BYTES) };
}

function envelope(content: Reply, buffer: Uint8Array | undefined): Envelope<Reply> {
  return { content, buffers: buffer === undefined ? [] : [buffer] };
}
