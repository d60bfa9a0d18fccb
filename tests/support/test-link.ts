import type { LinkTimers, Notice, Reply, Request, Transport } from "../../src/link/client.js";
import type { QueryService } from "../../src/link/index.js";
import { answerNow } from "./answer-now.js";

/** Timers that a test moves on. */
export class ManualTimers implements LinkTimers {
  #now = 0;
  #next = 0;
  readonly #waiting: Map<number, { readonly at: number; readonly run: () => void }> = new Map();

  after(timeoutMs: number, run: () => void): () => void {
    const key = ++this.#next;
    this.#waiting.set(key, { at: this.#now + timeoutMs, run });
    return () => void this.#waiting.delete(key);
  }

  get numWaiting(): number {
    return this.#waiting.size;
  }

  /** Runs what is due within that time, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#waiting].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#waiting.delete(due[0]);
      this.#now = due[1].at;
      due[1].run();
    }
    this.#now = end;
  }
}

/** What happens to a part on its way. */
export type Fate = "arrive" | "lose" | "twice" | "late";

/** A transport that answers from a service at once, and treats each part of a reply as `fate` says. */
export class ServiceTransport implements Transport {
  readonly requests: Request[] = [];
  readonly #service: QueryService;
  readonly #fate: () => Fate;
  readonly #late: (() => void)[] = [];
  #onMessage: (message: Reply | Notice, buffers: readonly Uint8Array[]) => void = () => {};
  #onStatus: (status: "open" | "closed") => void = () => {};

  constructor(service: QueryService, fate: () => Fate = () => "arrive") {
    this.#service = service;
    this.#fate = fate;
  }

  send(message: Request): void {
    const request = JSON.parse(JSON.stringify(message)) as Request;
    this.requests.push(request);
    for (const { content, buffers } of answerNow(this.#service.handle(request))) {
      const reply = JSON.parse(JSON.stringify(content)) as Reply;
      const deliver = () =>
        this.#onMessage(
          reply,
          buffers.map((buffer) => buffer.slice()),
        );
      const fate = this.#fate();
      if (fate === "late") this.#late.push(deliver);
      else if (fate !== "lose") deliver();
      if (fate === "twice") deliver();
    }
  }

  /** Lets overtaken parts arrive, the last one first. */
  deliverLate(): void {
    for (const deliver of this.#late.splice(0).reverse()) deliver();
  }

  notify(notice: Notice): void {
    this.#onMessage(notice, []);
  }

  onMessage(listener: (message: Reply | Notice, buffers: readonly Uint8Array[]) => void): void {
    this.#onMessage = listener;
  }

  onStatus(listener: (status: "open" | "closed") => void): void {
    this.#onStatus = listener;
    listener("open");
  }

  close(): void {
    this.#onStatus("closed");
  }
}
