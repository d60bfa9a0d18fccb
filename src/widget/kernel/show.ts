import { type RecordingInfo, RerunError, type WarningReporter, warnOnce } from "../../core/index.js";
import { DatasetService, QueryService } from "../../link/index.js";
import type { ChunkStore } from "../../store/index.js";
import type { ViewerOptions } from "../wire.js";
import { widgetAssets } from "./assets.js";
import { attachNotebook, type NotebookKernel } from "./attach.js";
import { NotebookViewer } from "./notebook-viewer.js";
import { setRichDisplay } from "./rich-display.js";
import { type ShownDataset, segmentsOf } from "./shown-dataset.js";
import { drawPlaceholder, drawSnapshot } from "./snapshot/index.js";
import { type RequestHandler, ViewChannel } from "./view-channel.js";

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

export interface ShowDatasetOptions extends ShowOptions {
  /** Id of the segment that opens first; default: the first one. */
  readonly segment?: string;
}

/** What is shown: who answers for it, and what stands in its place where no viewer runs. */
interface Shown {
  readonly service: RequestHandler & { close?(): Promise<void> };
  readonly name: string;
  readonly html: string;
  /** Calls `changed` whenever there is a new revision. @returns the end of it */
  readonly subscribe?: (changed: (revision: number) => void) => () => void;
}

/**
 * Shows a recording in the output of the running cell. The viewer looks into `store` as long as the kernel lives.
 *
 * @throws RerunError `Unsupported` outside of a notebook kernel, `InvalidArgument` for options of wrong type or size
 */
export function showRecording(store: ChunkStore, info: RecordingInfo, options: ShowOptions = {}): NotebookViewer {
  return open(options, (viewerOptions) => ({
    service: new QueryService(store, info),
    name: info.name ?? info.applicationId,
    html: drawSnapshot(store.chunks(), info, viewerOptions),
    subscribe: (changed) => store.subscribe(() => changed(store.revision)),
  }));
}

/**
 * Shows the segments of a dataset in the output of the running cell. What the viewer looks at is fetched on demand, and given up
 * when the viewer is closed or its cell is run again.
 *
 * @throws as `showRecording`; what goes wrong later is said in the viewer, which tries again
 */
export function showDataset(
  dataset: ShownDataset,
  options: ShowDatasetOptions = {},
  name: string = dataset.name ?? "dataset",
): NotebookViewer {
  const { segment, ...rest } = options;
  if (segment !== undefined && typeof segment !== "string") {
    throw new RerunError("InvalidArgument", `show: segment must be an id, got ${typeof segment}`);
  }
  return open(rest, (viewerOptions) => ({
    service: new DatasetService(segmentsOf(dataset, name), { first: segment }),
    name,
    html: drawPlaceholder(name, "The data of this dataset are fetched when they are looked at.", viewerOptions),
  }));
}

function open(options: ShowOptions, prepare: (options: ViewerOptions) => Shown): NotebookViewer {
  const viewerOptions = checkOptions(options);
  const warn = options.warn ?? warnOnce;
  const kernel = attachNotebook(warn);
  if (kernel === undefined) {
    throw new RerunError(
      "Unsupported",
      "show() needs a notebook: run this in a cell of a tslab kernel, or save the recording with save(path) and open the file with `rerun path`.",
    );
  }
  return openViewer(kernel, prepare(viewerOptions), viewerOptions, warn);
}

function openViewer(kernel: NotebookKernel, shown: Shown, viewerOptions: ViewerOptions, warn: WarningReporter): NotebookViewer {
  const assets = widgetAssets();
  const channel = new ViewChannel({
    service: shown.service,
    bundleParts: () => assets.bundleParts,
    send: (content, buffers, parent) => model.send(content, buffers, parent),
    onEvent: (event, buffers) => viewer.receiveEvent(event, buffers),
    onPong: () => viewer.receivePong(),
    onError: (error) => warn({ code: "InvalidData", message: `A viewer's question could not be answered: ${String(error)}` }),
  });
  const unsubscribe = shown.subscribe?.((revision) => channel.revisionChanged(revision));
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
        unsubscribe?.();
        channel.close("the viewer was closed");
        kernel.closeWidget(model);
        const failed = (error: unknown) => warn({ code: "Internal", message: `A viewer was not closed well: ${String(error)}` });
        shown.service.close?.().catch(failed);
      },
    },
    warn,
  );
  // It has shown itself: as the last expression of a cell it adds nothing.
  setRichDisplay(viewer, { text: () => "NotebookViewer {}", bundle: () => undefined }, (data) => kernel.display(data));
  kernel.display({
    "text/plain": `rerun-ts viewer of ${shown.name}`,
    "text/html": shown.html,
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
