/** Runs in a page: widgets of the real manager, and a kernel that is the test. */
import type { DOMWidgetView } from "@jupyter-widgets/base";
import type { FakeComm, Sent } from "./fake-comm.js";
import { WIDGET, WidgetManager } from "./manager.js";

/** What the test's kernel does: how it answers the request for the viewer's code. */
export interface KernelOptions {
  /** The viewer's code. */
  readonly parts: readonly string[];
  /** Parts that get lost, of the first answer only. */
  readonly lose?: readonly number[];
  /** The page cannot send: the kernel has stopped. */
  readonly stopped?: boolean;
  /** States of widgets that a page loaded anew is given. */
  readonly states?: Readonly<Record<string, object>>;
}

/** A page's widgets. */
class WidgetTest {
  readonly #comms: Map<string, FakeComm> = new Map();
  readonly #views: DOMWidgetView[] = [];
  readonly #manager: WidgetManager = new WidgetManager((comm, data) => this.#answer(comm, data));
  #kernel: KernelOptions = { parts: [] };
  #toLose: readonly number[] = [];
  /** Kinds of the requests so far. */
  readonly kinds: string[] = [];

  setKernel(options: KernelOptions): void {
    this.#kernel = options;
    this.#toLose = options.lose ?? [];
  }

  async open(id: string, state: Record<string, unknown>, numViews: number): Promise<void> {
    this.#comms.set(id, await this.#manager.openWidget(id, state));
    for (let i = 0; i < numViews; i++) await this.show(id);
  }

  async show(id: string): Promise<void> {
    this.#views.push(await this.#manager.show(id));
  }

  restore(): Promise<void> {
    return this.#manager.restore();
  }

  /** As the host does when outputs are cleared. */
  removeViews(): void {
    for (const view of this.#views.splice(0)) view.remove();
  }

  /** As the kernel does when a program closes the viewer. */
  closeWidget(id: string): void {
    this.#comms.get(id)?.close();
  }

  #answer(comm: FakeComm, data: Sent): void {
    if (this.#kernel.stopped === true) throw new Error("Cannot send");
    if (data.method === "request_states") {
      const states = Object.entries(this.#kernel.states ?? {}).map(([id, state]) => [id, stateOf(state)]);
      comm.deliver({ method: "update_states", states: Object.fromEntries(states), buffer_paths: [] });
    }
    const { view, request } = data.content ?? {};
    if (request === undefined) return;
    this.kinds.push(request.kind);
    if (request.kind !== "bundle") return;
    const { parts } = this.#kernel;
    const lost = this.#toLose;
    this.#toLose = [];
    parts.forEach((part, seq) => {
      if (lost.includes(seq)) return;
      const bytes = new TextEncoder().encode(part);
      const message = { kind: "reply", id: request.id, seq, last: seq === parts.length - 1 };
      const content = { view, message };
      setTimeout(() => comm.deliver({ method: "custom", content }, [new DataView(bytes.buffer)]), 5 * (parts.length - seq));
    });
  }
}

function stateOf(state: object): object {
  const { _model_name, _model_module, _model_module_version } = WIDGET;
  return {
    model_name: _model_name,
    model_module: _model_module,
    model_module_version: _model_module_version,
    state: { ...WIDGET, ...state },
  };
}

Object.assign(globalThis, { widgetTest: new WidgetTest() });

declare global {
  var widgetTest: WidgetTest;
}
