import { existsSync } from "node:fs";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { Chunk } from "../../chunk/index.js";
import { RerunError, type StoreId, warnOnce } from "../../core/index.js";
import { type Count, countOf, type LossCounter } from "./loss.js";
import type { StoreMessage } from "./sink.js";
import type { EndpointReady } from "./sink-endpoint.js";
import { packChunks, packStore, packStoreMessage, type SinkPack } from "./sink-message.js";
import { CONTROL, type SinkCommand, type SinkJob, type SinkReply, type SinkWorkerData } from "./sink-protocol.js";

/** As the real SDK: beyond this, logging waits. */
const MAX_KIB_UNDER_WAY = 100 * 1024;
/** A thread that has not begun after so long never will. */
const START_MILLIS = 60_000;
/** How often a waiting caller looks whether the other thread still runs. */
const LOOK_MILLIS = 1000;

const STOPPED = "its thread has stopped";

/** Where the other thread's program lies: beside this one in the package. */
const PROGRAM: URL = new URL("./sink-worker.js", import.meta.url);

/** Whether a sink can have a thread of its own: not where this package was bundled into a program without its other files. */
export function canStartThread(): boolean {
  return existsSync(PROGRAM);
}

/**
 * A thread that compresses, writes and sends what a recording hands to it, and this thread's end of it. It goes on while this
 * one is busy, also while that waits here; it never keeps the process alive.
 */
export class SinkThread {
  readonly #place: string;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #control = new Int32Array(new SharedArrayBuffer(4 * CONTROL.words));
  readonly #losses: LossCounter;
  readonly #waiting = new Map<number, (failure: string | undefined) => void>();
  readonly #startedAt = performance.now();
  /** What the other thread has not taken yet, with the total up to its end. */
  #underWay: { readonly endKib: number; readonly count: Count }[] = [];
  #sentKib = 0;
  #lastId = 0;
  #isDead = false;
  readonly #ready: Promise<EndpointReady>;
  #onReady: (result: EndpointReady) => void = () => undefined;

  /**
   * @param place the file or address, for messages
   * @param losses gets what the other thread loses
   */
  constructor(job: SinkJob, place: string, losses: LossCounter) {
    this.#ready = new Promise((resolve) => {
      this.#onReady = resolve;
    });
    this.#place = place;
    this.#losses = losses;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const data: SinkWorkerData = { job, port: port2, control: this.#control.buffer as SharedArrayBuffer };
    this.#worker = new Worker(PROGRAM, {
      workerData: data,
      transferList: [port2],
      name: "rerun-ts sink",
      trackUnmanagedFds: false,
    });
    this.#worker.unref();
    this.#worker.on("error", (error) => this.#stop(error instanceof Error ? error.message : String(error)));
    this.#port.on("message", (reply: SinkReply) => this.#receive(reply));
    this.#port.unref();
  }

  /** Resolves when the other thread's end works, for those that say so. Keeps the process alive until then. */
  async whenReady(): Promise<EndpointReady> {
    this.#port.ref();
    const result = await this.#ready;
    if (this.#waiting.size === 0) this.#port.unref();
    return result;
  }

  /** Announces a store to an endpoint that does not know it from its job. */
  begin(storeId: StoreId): void {
    this.#send(packStore(storeId));
  }

  write(storeId: StoreId, chunks: readonly Chunk[]): void {
    for (const pack of packChunks(storeId, chunks)) this.#send(pack);
  }

  writeStore(message: StoreMessage): void {
    for (const pack of packStoreMessage(message)) this.#send(pack);
  }

  /**
   * Resolves when all that was sent is where it belongs, or lost. Keeps the process alive until then.
   *
   * @throws RerunError `SinkFailed` when that cannot be said yet
   */
  async flush(): Promise<void> {
    if (this.#isDead) return;
    const id = this.#command("flush");
    if (this.#waiting.size === 0) this.#port.ref();
    const failure = await new Promise<string | undefined>((resolve) => this.#waiting.set(id, resolve));
    if (failure !== undefined) throw new RerunError("SinkFailed", failure);
  }

  /** Waits, synchronously, until all that was sent is where it belongs and the end is made. */
  end(): void {
    if (this.#isDead) return;
    const id = this.#command("end");
    this.#waitUntil(CONTROL.doneId, (doneId) => doneId >= id);
    this.#receiveWaiting();
    this.#isDead = true;
    this.#release();
  }

  #command(kind: "flush" | "end"): number {
    this.#lastId += 1;
    this.#port.postMessage({ kind, id: this.#lastId } satisfies SinkCommand);
    return this.#lastId;
  }

  #send({ messages, buffer }: SinkPack): void {
    const count = countOf(messages.flatMap((message) => (message.kind === "chunk" ? [message.chunk] : [])));
    const kib = Math.ceil(buffer.byteLength / 1024);
    this.#waitUntil(CONTROL.takenKib, (takenKib) => {
      this.#underWay = this.#underWay.filter(({ endKib }) => ((endKib - takenKib) | 0) > 0);
      const underWay = (this.#sentKib - takenKib) | 0;
      return underWay === 0 || underWay + kib <= MAX_KIB_UNDER_WAY;
    });
    if (this.#isDead) {
      this.#losses.add({ ...count, reason: STOPPED });
      return;
    }
    this.#sentKib = (this.#sentKib + kib) | 0;
    this.#underWay.push({ endKib: this.#sentKib, count });
    this.#port.postMessage({ kind: "take", messages, kib } satisfies SinkCommand, [buffer]);
  }

  /** Blocks until the other thread has come so far. */
  #waitUntil(word: number, isReached: (value: number) => boolean): void {
    for (;;) {
      const value = Atomics.load(this.#control, word);
      if (isReached(value) || this.#isDead) return;
      const state = Atomics.load(this.#control, CONTROL.state);
      if (state < 0) this.#stop(STOPPED);
      else if (state === 0 && performance.now() - this.#startedAt > START_MILLIS) this.#stop("its thread did not start");
      else Atomics.wait(this.#control, word, value, LOOK_MILLIS);
    }
  }

  /** Takes the replies that came while this thread was busy. */
  #receiveWaiting(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port) as { readonly message: SinkReply } | undefined;
      if (received === undefined) return;
      this.#receive(received.message);
    }
  }

  #receive(reply: SinkReply): void {
    switch (reply.kind) {
      case "lost":
        this.#losses.add(reply.loss);
        return;
      case "warning":
        warnOnce(reply.warning);
        return;
      case "done":
        this.#settle(reply.id, reply.failure);
        return;
      case "ready":
        this.#onReady(reply.result);
    }
  }

  #settle(id: number, failure?: string): void {
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    resolve?.(failure);
    if (this.#waiting.size === 0) this.#port.unref();
  }

  /** The other thread is gone: what was under way is lost, what comes too. */
  #stop(reason: string): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#receiveWaiting();
    this.#onReady({ error: reason });
    for (const { count } of this.#underWay) this.#losses.add({ ...count, reason });
    this.#underWay = [];
    this.#release();
    warnOnce({ code: "SinkFailed", message: `A sink has stopped, what it was given is lost: ${reason}: ${this.#place}` });
  }

  #release(): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id);
    this.#port.close();
    void this.#worker.terminate();
  }
}
