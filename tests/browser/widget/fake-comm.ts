import type { IClassicComm } from "@jupyter-widgets/base";

type Buffers = readonly (ArrayBuffer | ArrayBufferView)[];

/** What the page sends on a comm: a widget's custom message, or a question of the manager. */
export interface Sent {
  readonly method: string;
  readonly content?: {
    readonly view: string;
    readonly request?: { readonly kind: string; readonly id: number };
  };
}

/** The kernel of a test: hears what the page sends. */
export type FakeKernel = (comm: FakeComm, data: Sent) => void;

/** The page's end of a comm whose other end is the test. */
export class FakeComm implements IClassicComm {
  readonly comm_id: string;
  readonly target_name: string;
  readonly #kernel: FakeKernel;
  #onMessage: (message: unknown) => void = () => {};
  #onClose: (message: unknown) => void = () => {};

  constructor(target: string, id: string, kernel: FakeKernel) {
    this.target_name = target;
    this.comm_id = id;
    this.#kernel = kernel;
  }

  open(): string {
    return "";
  }

  send(data: unknown, _callbacks?: unknown, _metadata?: unknown, _buffers?: Buffers): string {
    this.#kernel(this, data as Sent);
    return "";
  }

  /** The page's end is closed; or the kernel's, then the page hears of it. */
  close(): string {
    this.#onClose({});
    return "";
  }

  on_msg(callback: (message: unknown) => void): void {
    this.#onMessage = callback;
  }

  on_close(callback: (message: unknown) => void): void {
    this.#onClose = callback;
  }

  /** A message of the kernel. */
  deliver(data: object, buffers: readonly DataView[] = []): void {
    this.#onMessage({ content: { comm_id: this.comm_id, data }, buffers, metadata: {}, header: {}, parent_header: {} });
  }
}
