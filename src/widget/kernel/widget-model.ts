import type { Comm } from "./comm.js";
import type { CommManager } from "./comm-manager.js";
import { isJsonObject, type JsonObject } from "./frames.js";
import { type BufferPath, putBuffers, type SplitState, takeBuffers } from "./widget-buffers.js";

/** Version of the Jupyter widget protocol, sent with each new widget. */
const WIDGET_PROTOCOL = "2.1.0";
const WIDGET_TARGET = "jupyter.widget";
const CONTROL_TARGET = "jupyter.widget.control";
/** The front-end package that runs our module; must exist in that range on npm and as JupyterLab extension. */
const ANYWIDGET_VERSION = "~0.11.0";

export interface WidgetModelOptions {
  /** JavaScript module of the widget, as anywidget wants it. */
  readonly esm: string;
  /** Name of the widget in front-end messages. */
  readonly name: string;
  /** Further state; plain JSON and binary values. */
  readonly state: JsonObject;
  /** A custom message from a view; `header` is the parent of an answer. */
  onCustom(content: unknown, buffers: readonly Uint8Array[], header: JsonObject): void;
  /** The front end closed the widget. */
  onClose(): void;
}

/** The kernel's end of one widget: its state, which each front end copies, and its custom messages. */
export class WidgetModel {
  readonly #options: WidgetModelOptions;
  readonly #comm: Comm;
  #state: JsonObject;

  constructor(manager: CommManager, options: WidgetModelOptions) {
    this.#options = options;
    this.#state = {
      _model_module: "anywidget",
      _model_name: "AnyModel",
      _model_module_version: ANYWIDGET_VERSION,
      _view_module: "anywidget",
      _view_name: "AnyView",
      _view_module_version: ANYWIDGET_VERSION,
      _view_count: null,
      _dom_classes: [],
      _anywidget_id: options.name,
      _esm: options.esm,
      ...options.state,
    };
    const split = takeBuffers(this.#state);
    const handler = {
      onMessage: (data: JsonObject, buffers: readonly Uint8Array[], header: JsonObject) => this.#receive(data, buffers, header),
      onClose: () => options.onClose(),
    };
    this.#comm = manager.open(
      WIDGET_TARGET,
      handler,
      { state: split.state, buffer_paths: split.paths },
      { metadata: { version: WIDGET_PROTOCOL }, buffers: split.buffers },
    );
  }

  /** Also the id of its comm. */
  get id(): string {
    return this.#comm.id;
  }

  /** A custom message to all views. */
  send(content: JsonObject, buffers: readonly Uint8Array[], parent?: JsonObject): void {
    this.#comm.send({ method: "custom", content }, parent === undefined ? { buffers } : { buffers, parent });
  }

  snapshot(): SplitState {
    return takeBuffers(this.#state);
  }

  close(): void {
    this.#comm.close();
  }

  #receive(data: JsonObject, buffers: readonly Uint8Array[], header: JsonObject): void {
    if (data.method === "custom") this.#options.onCustom(data.content, buffers, header);
    else if (data.method === "request_state") this.#sendState("update", this.snapshot(), header);
    else if (data.method === "update" && isJsonObject(data.state)) {
      const split = { state: data.state, paths: asPaths(data.buffer_paths), buffers: buffers.map((b) => b.slice()) };
      this.#state = { ...this.#state, ...putBuffers(split) };
      this.#sendState("echo_update", split, header); // so that views in other pages follow
    }
  }

  #sendState(method: string, split: SplitState, parent: JsonObject): void {
    this.#comm.send({ method, state: split.state, buffer_paths: split.paths }, { buffers: split.buffers, parent });
  }
}

/**
 * Lets a page that was loaded anew ask for the state of all widgets at once.
 * It waits 4 seconds for the answer before it asks each widget by itself.
 */
export function serveWidgetStates(manager: CommManager, models: () => Iterable<WidgetModel>): void {
  manager.registerTarget(CONTROL_TARGET, (comm) => ({
    onMessage(data, _buffers, header) {
      if (data.method !== "request_states") return;
      const states: Record<string, JsonObject> = {};
      const paths: BufferPath[] = [];
      const buffers: Uint8Array[] = [];
      for (const model of models()) {
        const split = model.snapshot();
        states[model.id] = {
          model_name: split.state._model_name,
          model_module: split.state._model_module,
          model_module_version: split.state._model_module_version,
          state: split.state,
        };
        for (const path of split.paths) paths.push([model.id, "state", ...path]);
        buffers.push(...split.buffers);
      }
      comm.send({ method: "update_states", states, buffer_paths: paths }, { buffers, parent: header });
    },
  }));
}

function asPaths(value: unknown): BufferPath[] {
  if (!Array.isArray(value)) return [];
  const isStep = (step: unknown) => typeof step === "string" || typeof step === "number";
  return value.filter((path): path is BufferPath => Array.isArray(path) && path.every(isStep));
}
