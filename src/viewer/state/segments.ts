import { type Signal, signal } from "@preact/signals";
import type { SegmentInfo } from "../../link/client.js";

export interface SegmentsHost {
  /** The segments as they are now. */
  list(): Promise<readonly SegmentInfo[]>;
  /** Shows that segment from now on. */
  open(segmentId: string): void;
  /** Why the list did not come; it is asked for again. */
  onError(error: unknown): void;
  /** Runs a task after some time. */
  delay(task: () => void, timeoutMs: number): void;
}

const RETRY_MS = 2000;

/** The segments of the dataset that is shown, each a recording that can be looked at. */
export class Segments {
  /** `undefined` until they are known. */
  readonly list: Signal<readonly SegmentInfo[] | undefined> = signal(undefined);
  /** The one that was chosen; `undefined` = the one that opened first. */
  readonly chosen: Signal<string | undefined> = signal(undefined);
  readonly #host: SegmentsHost;
  #isAsking = false;
  #isClosed = false;

  constructor(host: SegmentsHost) {
    this.#host = host;
  }

  /** Asks what segments there are now, until an answer comes. */
  refresh(): void {
    if (this.#isAsking || this.#isClosed) return;
    this.#isAsking = true;
    this.#host.list().then(
      (list) => {
        this.#isAsking = false;
        if (!this.#isClosed) this.list.value = list;
      },
      (error: unknown) => {
        this.#isAsking = false;
        if (this.#isClosed) return;
        this.#host.onError(error);
        this.#host.delay(() => this.refresh(), RETRY_MS);
      },
    );
  }

  /** Shows a segment, unless it is the chosen one. */
  choose(segmentId: string): void {
    if (this.chosen.value === segmentId || this.#isClosed) return;
    this.chosen.value = segmentId;
    this.#host.open(segmentId);
  }

  /** What a segment is called: its recording's name, else its id. */
  nameOf(segmentId: string): string {
    return this.list.value?.find(({ id }) => id === segmentId)?.name ?? segmentId;
  }

  /** Asks nothing any more. */
  close(): void {
    this.#isClosed = true;
  }
}
