import { RerunError, type WarningReporter, warnOnce } from "../../core/index.js";
import { CommManager } from "./comm-manager.js";
import { connectionFilePath, readConnectionFile } from "./connection.js";
import { findTslab, type RunningTslab } from "./find-tslab.js";
import { type IncomingMessage, type KernelLink, type MimeBundle, type NotebookCell, TslabLink } from "./kernel-link.js";
import { serveWidgetStates, WidgetModel, type WidgetModelOptions } from "./widget-model.js";

/** The notebook kernel this process is, as the package uses it. One per process, shared by all loaded copies of the package. */
export class NotebookKernel {
  readonly #link: KernelLink;
  readonly #comms: CommManager;
  readonly #models: Map<string, OpenWidget> = new Map();

  /** @internal */
  constructor(link: KernelLink, comms: CommManager) {
    this.#link = link;
    this.#comms = comms;
    serveWidgetStates(comms, () => [...this.#models.values()].map(({ model }) => model));
  }

  /** Adds an output to the cell that runs, or ran last. */
  display(data: MimeBundle): void {
    this.#link.display(data);
  }

  /** As `display`, for an output that `next` takes the place of; the cell does not end before. `next` must not reject. */
  displayUntil(next: Promise<MimeBundle>, data: MimeBundle): void {
    this.#link.displayUntil(next, data);
  }

  /**
   * A new widget that front ends can show. It lives until `closeWidget`, until a front end closes it, or until the cell that
   * it was opened in is run again or deleted: front ends do not close widgets then.
   */
  openWidget(options: WidgetModelOptions): WidgetModel {
    const forget = () => this.#models.delete(model.id);
    const model: WidgetModel = new WidgetModel(this.#comms, {
      ...options,
      onCustom: (content, buffers, header) => options.onCustom(content, buffers, header),
      onClose: () => {
        forget();
        options.onClose();
      },
    });
    this.#models.set(model.id, { model, cell: this.#link.outputNotebookCell(), onClose: options.onClose });
    return model;
  }

  /** @internal The output of these cells is no more. */
  cellsCleared(cellIds: readonly string[]): void {
    for (const { model, cell, onClose } of [...this.#models.values()]) {
      if (!cellIds.includes(cell.id)) continue;
      this.closeWidget(model);
      onClose();
    }
  }

  /** Ends a widget from the kernel's side. */
  closeWidget(model: WidgetModel): void {
    this.#models.delete(model.id);
    model.close();
  }

  /**
   * Calls `flush` when the kernel ends: after a shutdown request or when the process exits by itself.
   * Only synchronous work counts there. Signals are left alone: a handler of them would make Interrupt end the kernel.
   */
  onExit(flush: () => void): void {
    process.once("exit", flush);
  }
}

interface OpenWidget {
  readonly model: WidgetModel;
  /** The cell it was opened in. */
  readonly cell: NotebookCell;
  readonly onClose: () => void;
}

const KERNEL: unique symbol = Symbol.for("rerun-ts.notebook-kernel.1") as never;

/**
 * Connects to the tslab kernel that runs this code, synchronously. Later calls, also of other copies of the package, return
 * the same object.
 *
 * @param warn told when there is a tslab kernel that cannot be used; everything but showing works then
 * @returns `undefined` outside of a tslab kernel
 */
export function attachNotebook(warn: WarningReporter = warnOnce): NotebookKernel | undefined {
  const shared = globalThis as { [KERNEL]?: NotebookKernel };
  if (shared[KERNEL] !== undefined) return shared[KERNEL];
  const search = findTslab();
  if (search.kind === "none") return undefined;
  try {
    if (search.kind === "unknown") throw new RerunError("Unsupported", `${search.reason}: ${search.path}`);
    const kernel = connect(search.tslab, warn);
    Object.defineProperty(shared, KERNEL, { value: kernel, configurable: true });
    return kernel;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `This tslab kernel is not the kind that rerun-ts knows, so show() cannot work here (tslab 1.0.22 works). ${reason}`;
    warn({ code: "Unsupported", message });
    return undefined;
  }
}

function connect(tslab: RunningTslab, warn: WarningReporter): NotebookKernel {
  const path = connectionFilePath(process.argv);
  if (path === undefined) throw new RerunError("Unsupported", "The kernel's command line names no connection file.");
  const onError = (error: unknown) => {
    warn({ code: "InvalidData", message: `A message from the notebook could not be handled: ${String(error)}` });
  };
  let comms: CommManager | undefined;
  let kernel: NotebookKernel | undefined;
  const onMessage = (message: IncomingMessage) => comms?.handle(message);
  const onCellsCleared = (cellIds: readonly string[]) => kernel?.cellsCleared(cellIds);
  const link = new TslabLink(tslab, { key: readConnectionFile(path).key, onMessage, onCellsCleared, onError });
  comms = new CommManager({ link, onError });
  kernel = new NotebookKernel(link, comms);
  return kernel;
}
