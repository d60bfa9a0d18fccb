import { RerunError } from "../core/index.js";
import type { LazyStore } from "../store/index.js";
import { type Answer, answerWith, cut, whenReady } from "./answer.js";
import { encodeIndexDelta } from "./index-codec.js";
import { PROTOCOL_VERSION, type Request, type SegmentInfo } from "./messages.js";
import { checkProtocol, QueryService } from "./query-service.js";
import { encodeSegments } from "./segments-codec.js";

/** The recordings of a dataset, each opened when it is looked at. */
export interface SegmentSet {
  readonly name: string;
  /** In the order in which a viewer lists them. */
  list(signal: AbortSignal): Promise<readonly SegmentInfo[]>;
  /** Whoever opens a segment closes it. */
  open(segmentId: string, signal: AbortSignal): Promise<LazyStore>;
}

export interface DatasetServiceOptions {
  /** The segment that opens first. Default: the first of the list. */
  readonly first?: string | undefined;
  /** So many segments are kept open. Default: 3. */
  readonly maxOpen?: number | undefined;
}

interface OpenSegment {
  readonly service: Promise<QueryService>;
  readonly close: () => Promise<void>;
  numRequests: number;
}

const DEFAULT_MAX_OPEN = 3;

/** Answers what viewers ask about a dataset: its segments, and as a `QueryService` about each of them. */
export class DatasetService {
  readonly #set: SegmentSet;
  readonly #first: string | undefined;
  readonly #maxOpen: number;
  readonly #end = new AbortController();
  /** Least recently asked first. */
  readonly #open = new Map<string, OpenSegment>();
  #list: Promise<readonly SegmentInfo[]> | undefined;

  constructor(set: SegmentSet, options: DatasetServiceOptions = {}) {
    this.#set = set;
    this.#first = options.first;
    this.#maxOpen = options.maxOpen ?? DEFAULT_MAX_OPEN;
  }

  /** As `QueryService.handle`. */
  handle(request: Request): Answer {
    switch (request.kind) {
      case "event":
        return [];
      case "hello":
        return answerWith(request.id, () => {
          checkProtocol(request.protocol);
          const { name } = this.#set;
          const hello = { protocol: PROTOCOL_VERSION, recording: { applicationId: name, recordingId: "" }, revision: 0 };
          return [{ content: { hello: { ...hello, dataset: { name } } } }];
        });
      case "segments":
        this.#list = undefined; // There may be others by now.
        return answerWith(request.id, () => whenReady(this.#segments(), (segments) => cut(encodeSegments(segments))));
      case "index":
      case "chunks":
      case "series":
        return this.#ask(request);
      default:
        return answerWith(request.id, () => {
          throw new RerunError("Unsupported", `The dataset does not answer "${String(request.kind)}"`);
        });
    }
  }

  /** Gives up what is being fetched and frees what is held. May be called twice. */
  async close(): Promise<void> {
    this.#end.abort(new RerunError("Closed", "The viewer was closed"));
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(open.map((segment) => segment.close()));
  }

  async #ask(request: Extract<Request, { kind: "index" | "chunks" | "series" }>): Promise<Awaited<Answer>> {
    let segment: OpenSegment | undefined;
    try {
      const id = request.segment ?? this.#first ?? (await this.#segments())[0]?.id;
      if (id === undefined) return answerWith(request.id, () => cut(this.#nothing()));
      segment = this.#segment(id);
      segment.numRequests += 1;
      const service = await segment.service;
      return await service.handle(request, this.#end.signal);
    } catch (error) {
      return answerWith(request.id, () => {
        throw error;
      });
    } finally {
      if (segment !== undefined) segment.numRequests -= 1;
      this.#closeUnused();
    }
  }

  /** The index while there is no segment. */
  #nothing(): Uint8Array {
    const info = { applicationId: this.#set.name, recordingId: "" };
    const delta = { reset: true, revision: 0, isLive: false, timelines: [], entities: [], added: [], removed: [] };
    return encodeIndexDelta({ ...delta, info });
  }

  #segments(): Promise<readonly SegmentInfo[]> {
    const list = this.#list ?? this.#set.list(this.#end.signal);
    this.#list = list;
    // What failed is asked anew the next time.
    list.catch(() => {
      if (this.#list === list) this.#list = undefined;
    });
    return list;
  }

  #segment(id: string): OpenSegment {
    const known = this.#open.get(id);
    if (known !== undefined) {
      this.#open.delete(id);
      this.#open.set(id, known);
      return known;
    }
    this.#end.signal.throwIfAborted();
    const store = this.#set.open(id, this.#end.signal);
    const info = { applicationId: this.#set.name, recordingId: id };
    const segment: OpenSegment = {
      service: store.then((opened) => new QueryService(opened, info)),
      close: () => store.then((opened) => opened.close()).catch(() => undefined),
      numRequests: 0,
    };
    this.#open.set(id, segment);
    store.catch(() => {
      if (this.#open.get(id) === segment) this.#open.delete(id);
    });
    return segment;
  }

  #closeUnused(): void {
    for (const [id, segment] of this.#open) {
      if (this.#open.size <= this.#maxOpen) return;
      if (segment.numRequests > 0) continue;
      this.#open.delete(id);
      void segment.close();
    }
  }
}
