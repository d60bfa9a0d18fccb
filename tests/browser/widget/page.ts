/** Runs in a page: the real widget classes of JupyterLab with the real anywidget, and a kernel that is the test. */
import { amd } from "./amd.js";
import "anywidget";
import * as base from "@jupyter-widgets/base";

type Buffers = readonly (ArrayBuffer | ArrayBufferView)[];
interface Sent {
  readonly method: string;
  readonly content: {
    readonly view: string;
    readonly request?: { readonly kind: string; readonly id: number };
    readonly pong?: number;
  };
}

/** The page's end of a comm. */
class FakeComm {
  readonly comm_id: string;
  readonly target_name = "jupyter.widget";
  onSend: (data: Sent, buffers: Buffers) => void = () => {};
  #onMessage: (message: unknown) => void = () => {};
  #onClose: (message: unknown) => void = () => {};

  constructor(id: string) {
    this.comm_id = id;
  }
  open(): string {
    return "";
  }
  send(data: Sent, _callbacks: unknown, _metadata: unknown, buffers: Buffers = []): string {
    this.onSend(data, buffers);
    return "";
  }
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
  /** A custom message of the kernel. */
  deliver(content: unknown, buffers: readonly DataView[] = []): void {
    this.#onMessage({
      content: { comm_id: this.comm_id, data: { method: "custom", content } },
      buffers,
      metadata: {},
      header: {},
    });
  }
}

const manager = {
  callbacks: () => ({}),
  get_model: () => Promise.reject(new Error("there is one model only")),
  inline_sanitize: (text: string) => text,
};

export interface Widget {
  readonly comm: FakeComm;
  /** What the page sent. */
  readonly sent: Sent[];
  /** Adds a view to the page. */
  show(): Promise<HTMLElement>;
  /** As the host does when an output is cleared. */
  removeViews(): void;
  /** As the manager does when the kernel restarts. */
  loseKernel(): void;
}

let numWidgets = 0;

function open(state: Record<string, unknown>, onSend: (comm: FakeComm, data: Sent) => void): Widget {
  const { AnyModel, AnyView } = (amd.factory as NonNullable<typeof amd.factory>)(base) as {
    AnyModel: typeof base.DOMWidgetModel;
    AnyView: typeof base.DOMWidgetView;
  };
  const comm = new FakeComm(`widget-${++numWidgets}`);
  const sent: Sent[] = [];
  comm.onSend = (data) => {
    sent.push(data);
    onSend(comm, data);
  };
  const attributes = { _anywidget_id: "rerun-ts.Viewer", _css: "", ...state };
  const model = new AnyModel(attributes, { model_id: comm.comm_id, comm, widget_manager: manager } as never);
  const views: base.DOMWidgetView[] = [];
  return {
    comm,
    sent,
    async show() {
      const view = new AnyView({ model, options: {} } as never);
      views.push(view);
      document.body.append(view.el);
      await view.render();
      return view.el;
    },
    removeViews() {
      for (const view of views.splice(0)) view.remove();
    },
    loseKernel() {
      model.comm_live = false;
    },
  };
}

/** Answers a request for the viewer's code with `parts`. */
function bundleAnswer(comm: FakeComm, data: Sent, parts: readonly string[], lose: readonly number[] = []): void {
  const { view, request } = data.content;
  if (request?.kind !== "bundle") return;
  parts.forEach((part, seq) => {
    if (lose.includes(seq)) return;
    const bytes = new TextEncoder().encode(part);
    const message = { kind: "reply", id: request.id, seq, last: seq === parts.length - 1 };
    setTimeout(() => comm.deliver({ view, message }, [new DataView(bytes.buffer)]), 5 * (parts.length - seq));
  });
}

Object.assign(globalThis, { widgetTest: { open, bundleAnswer } });

declare global {
  var widgetTest: { readonly open: typeof open; readonly bundleAnswer: typeof bundleAnswer };
}
