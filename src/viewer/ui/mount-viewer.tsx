import { effect } from "@preact/signals";
import { render } from "preact";
import { LinkClient, type Notice, type Reply, type Transport, type ViewerCommand, type ViewerEvent } from "../../link/client.js";
import { runCommand } from "../state/commands.js";
import { Connection } from "../state/connection.js";
import { Recording } from "../state/recording.js";
import { recordingSource } from "../state/recording-source.js";
import { Segments } from "../state/segments.js";
import type { ThemeOption } from "../state/theme.js";
import { ViewerModel } from "../state/viewer-model.js";
import { forwardEvents } from "./forward-events.js";
import { handleKey } from "./keys.js";
import { watchTheme } from "./page-theme.js";
import { takePicture } from "./picture.js";
import { rememberDrawers } from "./remembered-drawers.js";
import { STYLE } from "./style.js";
import { Viewer } from "./viewer.js";
import { ViewerContext, type ViewerHost } from "./viewer-context.js";

const DEFAULT_HEIGHT_PX = 420;

export interface ViewerOptions {
  /** Default `auto`: as JupyterLab, else as the system. */
  readonly theme?: ThemeOption;
  /** In pixels. Default 420. */
  readonly height?: number;
  /** Timeline to begin on, when the recording has it. */
  readonly timeline?: string;
  /** Limit of the chunk cache in bytes. Default 256 MiB. */
  readonly cacheBytes?: number;
}

export interface MountedViewer {
  /** Takes the viewer off the page and frees everything. The transport is left open. */
  unmount(): void;
  /** Does what code asks for, as a command from a cell. */
  command(command: ViewerCommand): void;
  /** @returns the function that ends the subscription */
  onEvent(listener: (event: ViewerEvent) => void): () => void;
  /** What is drawn now, as PNG. */
  screenshot(): Promise<Blob>;
}

/** Draws a viewer in `el` for the recording at the other end of `transport`. */
export function mountViewer(el: HTMLElement, transport: Transport, options: ViewerOptions = {}): MountedViewer {
  const connection = new Connection(transport);
  const client = new LinkClient(connection);
  const cache = options.cacheBytes === undefined ? {} : { cacheBytes: options.cacheBytes };
  const open = (segment?: string): Recording => new Recording(recordingSource(client, segment), cache);
  const model = new ViewerModel(open());
  model.wantedTimeline = options.timeline;

  const elements = makeElements(el, options.height ?? DEFAULT_HEIGHT_PX);
  const { host, shadow, root } = elements;
  const page = new AbortController();
  const ends: (() => void)[] = [() => page.abort()];
  const viewerHost: ViewerHost = {
    model,
    root,
    canFullscreen: document.fullscreenEnabled,
    toggleFullscreen: () => {
      const done = document.fullscreenElement === host ? document.exitFullscreen() : host.requestFullscreen();
      done.catch(report);
    },
    savePicture: () => void takePicture(root).then((picture) => download(picture, model), report),
    leave: () => {
      model.focusedView.value = undefined;
      if (shadow.activeElement instanceof HTMLElement) shadow.activeElement.blur();
    },
  };
  function report(error: unknown): void {
    model.problem.value = error instanceof Error ? error.message : String(error);
  }
  const draw = (): void => {
    const isFullscreen = document.fullscreenElement === host;
    root.classList.toggle("full", isFullscreen);
    render(
      <ViewerContext.Provider value={viewerHost}>
        <Viewer isFullscreen={isFullscreen} />
      </ViewerContext.Provider>,
      root,
    );
  };

  ends.push(...followModel(elements, model, options.theme ?? "auto"));
  let missedRevision = 0;
  ends.push(
    watchScreen(host, (isOnScreen) => {
      model.isOnScreen.value = isOnScreen;
      if (host.isConnected) model.recording.noticeRevision(missedRevision);
    }),
  );
  host.addEventListener("fullscreenchange", draw, { signal: page.signal });
  root.addEventListener("keydown", onKeyDown, { signal: page.signal });
  dropFocus(elements, model, page.signal);

  connection.watch((status) => {
    model.status.value = status;
  });
  connection.onMessage((message) => onNotice(message));
  model.status.value = connection.status;
  ends.push(forwardEvents(model, connection));
  draw();
  client.hello().then(({ dataset }) => {
    if (dataset !== undefined) openDataset();
  }, report);
  model.recording.refresh();

  function openDataset(): void {
    const segments = new Segments({
      list: () => client.segments(),
      open: (segment) => model.show(open(segment)),
      onError: report,
      delay: (task, timeoutMs) => void setTimeout(task, timeoutMs),
    });
    model.segments.value = segments;
    segments.refresh();
  }

  function onNotice(message: Reply | Notice): void {
    // A notebook may take a cell off the page and put it back: meanwhile nothing is asked.
    if (message.kind === "revision" && host.isConnected) model.recording.noticeRevision(message.revision);
    else if (message.kind === "revision") missedRevision = message.revision;
    if (message.kind === "command") command(message.command);
  }
  function onKeyDown(event: KeyboardEvent): void {
    const openSearch = (): void => {
      model.isTreeOpen.value = true;
      requestAnimationFrame(() => root.querySelector<HTMLElement>(".drawer.left .search")?.focus());
    };
    // A button with the focus is pressed by these keys.
    const isPress = event.target instanceof HTMLButtonElement && (event.key === " " || event.key === "Enter");
    if (!isPress && handleKey(model, { leave: viewerHost.leave, openSearch }, event)) event.preventDefault();
    // A plain key would be a command of the notebook around us: `x` cuts the cell.
    if (isPlainKey(event)) event.stopPropagation();
  }
  function command(asked: ViewerCommand): void {
    if (runCommand(model, asked) || asked.kind !== "screenshot") return;
    const { requestId } = asked;
    takePicture(root)
      .then((picture) => picture.arrayBuffer())
      .then(
        (bytes) => connection.send({ kind: "event", id: 0, event: { type: "screenshot", requestId } }, [new Uint8Array(bytes)]),
        (error: unknown) =>
          connection.send({ kind: "event", id: 0, event: { type: "screenshot", requestId, error: String(error) } }),
      );
  }
  let isMounted = true;
  function unmount(): void {
    if (!isMounted) return;
    isMounted = false;
    for (const end of ends.splice(0)) end();
    render(null, root);
    model.close();
    client.close();
    host.remove();
  }
  return { unmount, command, onEvent: (listener) => model.onEvent(listener), screenshot: () => takePicture(root) };
}

/** What a viewer is made of: its host in the page, and below it a root of its own that the page's styles do not reach. */
interface Elements {
  readonly host: HTMLElement;
  readonly shadow: ShadowRoot;
  readonly root: HTMLElement;
}

function makeElements(el: HTMLElement, heightPx: number): Elements {
  const host = document.createElement("div");
  host.style.cssText = `display:block;height:${heightPx}px;width:100%;min-width:0`;
  host.dataset["rerunViewer"] = "loading";
  const shadow = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = STYLE;
  const root = document.createElement("div");
  root.className = "rv";
  root.tabIndex = 0;
  root.setAttribute("role", "application");
  root.setAttribute("aria-label", "Recording viewer. Press question mark for the keys.");
  shadow.append(style, root);
  el.append(host);
  return { host, shadow, root };
}

/** Keeps theme, state and focus as the model says. @returns what ends it */
function followModel({ host, shadow, root }: Elements, model: ViewerModel, theme: ThemeOption): (() => void)[] {
  return [
    watchTheme(host, theme, (found) => {
      model.theme.value = found;
    }),
    effect(() => void root.classList.toggle("dark", model.theme.value === "dark")),
    effect(() => {
      host.dataset["rerunViewer"] = stateOf(model);
    }),
    rememberDrawers(model),
    effect(() => {
      // The element with the focus may go with its view: the keys stay with the viewer.
      void model.maximized.value;
      if (shadow.activeElement !== null) root.focus({ preventScroll: true });
    }),
  ];
}

/** A view has the focus until something outside of the viewer gets it. */
function dropFocus({ host, root }: Elements, model: ViewerModel, signal: AbortSignal): void {
  root.addEventListener(
    "focusout",
    (event) => {
      if (event.relatedTarget === null) model.focusedView.value = undefined;
    },
    { signal },
  );
  document.addEventListener(
    "pointerdown",
    (event) => {
      if (!event.composedPath().includes(host)) model.focusedView.value = undefined;
    },
    { capture: true, signal },
  );
}

/** Whether the key could mean something to a viewer: no combination, not one that moves the focus or runs the cell. */
function isPlainKey(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return false;
  return !(event.shiftKey && event.key === "Enter");
}

function stateOf(model: ViewerModel): string {
  const status = model.status.value;
  if (status === "closed") return "disconnected";
  if (status === "busy") return "busy";
  return model.isReady.value ? "ready" : "loading";
}

/** Tells whether the element can be seen; also when it leaves the page and comes back. */
function watchScreen(host: HTMLElement, tell: (isOnScreen: boolean) => void): () => void {
  const observer = new IntersectionObserver((entries) => {
    const entry = entries[entries.length - 1];
    if (entry !== undefined) tell(entry.isIntersecting);
  });
  observer.observe(host);
  return () => observer.disconnect();
}

function download(picture: Blob, model: ViewerModel): void {
  const { info } = model.index.value;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(picture);
  link.download = `${(info.name ?? info.applicationId).replace(/[^\p{L}\p{N}_-]+/gu, "_") || "viewer"}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
