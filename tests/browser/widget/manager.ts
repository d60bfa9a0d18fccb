/** The widget manager of JupyterLab with the real anywidget in it, over comms whose other end is the test. */
import { amd } from "./amd.js";
import "anywidget";
import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import { FakeComm, type FakeKernel } from "./fake-comm.js";

type WidgetClass = typeof base.WidgetModel | typeof base.WidgetView;

/** Made once, as an AMD loader does: model and view share what lies in it. */
const anywidget = amd.factory?.(base);

/** Version of the Jupyter widget protocol. */
const PROTOCOL = "2.1.0";

export class WidgetManager extends ManagerBase {
  readonly #kernel: FakeKernel;

  constructor(kernel: FakeKernel) {
    super();
    this.#kernel = kernel;
  }

  /** As the kernel does with a new widget: opens its comm. */
  async openWidget(id: string, state: Record<string, unknown>): Promise<FakeComm> {
    const comm = new FakeComm(this.comm_target_name, id, this.#kernel);
    const content = { comm_id: id, target_name: comm.target_name, data: { state: { ...WIDGET, ...state }, buffer_paths: [] } };
    await this.handle_comm_open(comm, { metadata: { version: PROTOCOL }, content, buffers: [] } as never);
    return comm;
  }

  /** As the host does with an output: a view, rendered and then put into the page. */
  async show(id: string): Promise<base.DOMWidgetView> {
    const view = (await this.create_view(await this.get_model(id))) as base.DOMWidgetView;
    document.body.append(view.el);
    return view;
  }

  /** As the host does on a page that was loaded anew. */
  restore(): Promise<void> {
    return this._loadFromKernel();
  }

  protected override async loadClass(className: string, moduleName: string): Promise<WidgetClass> {
    const found = moduleName === "anywidget" ? anywidget?.[className as keyof typeof anywidget] : undefined;
    if (found === undefined) throw new Error(`There is no ${moduleName}.${className} on this page`);
    return found as WidgetClass;
  }

  protected override async _create_comm(target: string, id: string = base.uuid()): Promise<FakeComm> {
    return new FakeComm(target, id, this.#kernel);
  }

  protected override async _get_comm_info(): Promise<object> {
    return {};
  }
}

/** What every anywidget has in its state. */
export const WIDGET = {
  _model_module: "anywidget",
  _model_name: "AnyModel",
  _model_module_version: "~0.11.0",
  _view_module: "anywidget",
  _view_name: "AnyView",
  _view_module_version: "~0.11.0",
  _anywidget_id: "rerun-ts.Viewer",
  _css: "",
} as const;
