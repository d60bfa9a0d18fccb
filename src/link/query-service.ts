import { asArray, asCount, asInt64, asText, type Chunk, encodeChunk } from "../chunk/index.js";
import { type RecordingInfo, RerunError } from "../core/index.js";
import type { ChunkStore, LazyStore } from "../store/index.js";
import { type Answer, answerWith, cut, type Part, whenReady } from "./answer.js";
import { encodeIndexDelta } from "./index-codec.js";
import { PROTOCOL_VERSION, type Request } from "./messages.js";
import { packPieces } from "./piece-codec.js";
import { type QuerySource, sourceOf } from "./query-source.js";
import { encodeSeries } from "./series-codec.js";

const MAX_CHUNK_IDS = 20_000;
const MAX_BUCKETS = 65_536;

/**
 * Answers what a viewer asks about one recording. Keeps nothing of a viewer: several may ask the same service, and a repeated
 * request is simply answered again.
 */
export class QueryService {
  readonly #source: QuerySource;
  readonly #info: () => RecordingInfo;

  /** @param info what is said of the recording; a function is asked anew each time */
  constructor(store: ChunkStore | LazyStore, info: RecordingInfo | (() => RecordingInfo)) {
    this.#source = sourceOf(store);
    this.#info = typeof info === "function" ? info : () => info;
  }

  /**
   * The reply; a caller lets other work in between its parts. What goes wrong is said in it. Events are not answered; a `bundle`
   * is not the service's to give.
   *
   * @param signal gives up what is being fetched
   */
  handle(request: Request, signal?: AbortSignal): Answer {
    return request.kind === "event" ? [] : answerWith(request.id, () => this.#parts(request, signal));
  }

  #parts(request: Request, signal: AbortSignal | undefined): Iterable<Part> | Promise<Iterable<Part>> {
    switch (request.kind) {
      case "hello":
        return [this.#hello(request.protocol)];
      case "index": {
        const delta = this.#source.deltaSince(asCount(request.sinceRevision, "revision"));
        return cut(encodeIndexDelta({ ...delta, info: this.#info() }));
      }
      case "chunks":
        return this.#chunks(request.chunkIds, signal);
      case "series":
        return this.#series(request, signal);
      default:
        throw new RerunError("Unsupported", `The recording does not answer "${String(request.kind)}"`);
    }
  }

  #hello(protocol: number): Part {
    checkProtocol(protocol);
    const { applicationId, recordingId, name } = this.#info();
    const recording = { applicationId, recordingId, ...(name !== undefined && { name }) };
    return { content: { hello: { protocol: PROTOCOL_VERSION, recording, revision: this.#source.revision } } };
  }

  #chunks(chunkIds: readonly string[], signal: AbortSignal | undefined): Iterable<Part> | Promise<Iterable<Part>> {
    const ids = asArray(chunkIds, "list of chunk ids").map((id) => asText(id, "chunk id"));
    if (ids.length > MAX_CHUNK_IDS) {
      throw new RerunError("LimitExceeded", `A request names at most ${MAX_CHUNK_IDS} chunks, got ${ids.length}`);
    }
    return whenReady(this.#source.chunks(ids, signal), (chunks) => chunkParts(ids, chunks));
  }

  #series(
    request: Extract<Request, { kind: "series" }>,
    signal: AbortSignal | undefined,
  ): Iterable<Part> | Promise<Iterable<Part>> {
    const query = {
      entityPath: asText(request.entityPath, "entity path"),
      component: asText(request.component, "component"),
      timeline: asText(request.timeline, "timeline"),
      range: { min: asInt64(request.from, "time"), max: asInt64(request.to, "time") },
      buckets: asCount(request.buckets, "number of buckets"),
      instance: asCount(request.instance ?? 0, "instance"),
    };
    if (query.buckets < 1 || query.buckets > MAX_BUCKETS) {
      throw new RerunError("InvalidArgument", `A series has 1 to ${MAX_BUCKETS} buckets, got ${query.buckets}`);
    }
    return whenReady(this.#source.series(query, signal), (reply) => cut(encodeSeries(reply)));
  }
}

/** @throws RerunError `Unsupported` when the viewer speaks another protocol */
export function checkProtocol(protocol: number): void {
  if (protocol === PROTOCOL_VERSION) return;
  throw new RerunError(
    "Unsupported",
    `This viewer speaks protocol ${protocol}, the recording ${PROTOCOL_VERSION}: run the cell again and reload the page`,
  );
}

function* chunkParts(ids: readonly string[], chunks: readonly Chunk[]): Generator<Part> {
  if (chunks.length < ids.length) {
    const found = new Set(chunks.map(({ id }) => id));
    yield { content: { missing: ids.filter((id) => !found.has(id)) } };
  }
  const bodies = (function* () {
    for (const chunk of chunks) yield { chunkId: chunk.id, body: encodeChunk(chunk) };
  })();
  for (const buffer of packPieces(bodies)) yield { buffer };
}
