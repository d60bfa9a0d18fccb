import { type RecordingInfo, RerunError, type WarningReporter, warnOnce } from "../../core/index.js";
import { QueryService } from "../../link/index.js";
import type { ChunkStore } from "../../store/index.js";
import type { ViewerOptions } from "../wire.js";
import { widgetAssets } from "./assets.js";
import { attachNotebook, type NotebookKernel } from "./attach.js";
import { NotebookViewer } from "./notebook-viewer.js";
import { setRichDisplay } from "./rich-display.js";
import { drawSnapshot } from "./snapshot/index.js";
import { ViewChannel } from "./view-channel.js";

export interface ShowOptions {
  /** Pixels; default 420. */
  readonly height?: number;
  /** Timeline chosen at the start; default: the viewer's choice. */
  readonly timeline?: string;
  /** Default `auto`: as the notebook's. */
  readonly theme?: "auto" | "light" | "dark";
  /** Where warnings go; default: printed once. */
  readonly warn?: WarningReporter;
}

const DEFAULT_HEIGHT = 420;
const MIN_HEIGHT = 80;
const MAX_HEIGHT = 10_000;

/**
 * Shows a recording in the output of the running cell. The viewer looks into `store` as long as the kernel lives.
 *
 * @throws RerunError `Unsupported` outside of a notebook kernel, `InvalidArgument` for options of wrong type or size
 */
export function showRecording(store: ChunkStore, info: RecordingInfo, options: ShowOptions = {}): NotebookViewer {
  const viewerOptions = checkOptions(options);
  const kernel = attachNotebook(options.warn ?? warnOnce);
  if (kernel === undefined) {
    throw new RerunError(
      "Unsupported",
      "show() needs a notebook: run this in a cell of a tslab kernel, or save the recording with save(path) and open the file with `rerun path`.",
    );
  }
  return openViewer(kernel, store, info, viewerOptions, options.warn ?? warnOnce);
}

function openViewer(
  kernel: NotebookKernel,
  store: ChunkStore,
  info: RecordingInfo,
  viewerOptions: ViewerOptions,
  warn: WarningReporter,
): NotebookViewer {
  const assets = widgetAssets();
  const channel = new ViewChannel({
    service: new QueryService(store, info),
    bundleParts: () => assets.bundleParts,
    send: (content, buffers, parent) => model.send(content, buffers, parent),
    onEvent: (event, buffers) => viewer.receiveEvent(event, buffers),
    onPong: () => viewer.receivePong(),
    onError: (error) => warn({ code: "InvalidData", message: `A viewer's question could not be answered: ${String(error)}` }),
  });
  const unsubscribe = store.subscribe(() => channel.revisionChanged(store.revision));
  const model = kernel.openWidget({
    esm: assets.loader,
    name: "rerun-ts.Viewer",
    state: { bundle_key: assets.bundleKey, viewer_options: viewerOptions },
    onCustom: (content, buffers, header) => channel.receive(content, buffers, header),
    onClose: () => viewer.close(),
  });
  const viewer: NotebookViewer = new NotebookViewer(
    {
      command: (command) => channel.command(command),
      ping: (ping) => channel.ping(ping),
      close() {
        unsubscribe();
        channel.close("the viewer was closed");
        kernel.closeWidget(model);
      },
    },
    warn,
  );
  // It has shown itself: as the last expression of a cell it adds nothing.
  setRichDisplay(viewer, { text: () => "NotebookViewer {}", bundle: () => undefined }, (data) => kernel.display(data));
  kernel.display({
    "text/plain": `rerun-ts viewer of ${info.name ?? info.applicationId}`,
    "text/html": drawSnapshot(store.chunks(), info, viewerOptions),
    "application/vnd.jupyter.widget-view+json": { version_major: 2, version_minor: 1, model_id: model.id },
  });
  return viewer;
}

function checkOptions(options: ShowOptions): ViewerOptions {
  const { height = DEFAULT_HEIGHT, theme = "auto", timeline } = options;
  if (typeof height !== "number" || !(height >= MIN_HEIGHT && height <= MAX_HEIGHT)) {
    throw new RerunError("InvalidArgument", `show: height must be ${MIN_HEIGHT} to ${MAX_HEIGHT} pixels, got ${String(height)}`);
  }
  if (theme !== "auto" && theme !== "light" && theme !== "dark") {
    throw new RerunError("InvalidArgument", `show: theme must be "auto", "light" or "dark", got ${JSON.stringify(theme)}`);
  }
  if (timeline === undefined) return { height, theme };
  if (typeof timeline !== "string") {
    throw new RerunError("InvalidArgument", `show: timeline must be a name, got ${typeof timeline}`);
  }
  return { height, theme, timeline };
}
