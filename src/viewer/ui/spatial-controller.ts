/** Joins a spatial view's parts: scene builder, viewport, camera, labels and input. Lives as long as the view is mounted. */
import { isAtOrBelow } from "../../core/index.js";
import { BrowserImageDecoder, Viewport } from "../renderer/index.js";
import type { Item, ViewQuery, ViewSpec } from "../state/view-query.js";
import { pixelTextAt, SceneBuilder, type SpatialScene } from "../views/spatial/index.js";
import { listenToGestures } from "./spatial-gestures.js";
import { LabelOverlay } from "./spatial-labels.js";
import { SpatialNavigation } from "./spatial-navigation.js";
import type { ViewProps } from "./view-props.js";

export interface SpatialElements {
  readonly host: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly labels: HTMLElement;
}

export class SpatialController {
  readonly #elements: SpatialElements;
  readonly #viewport: Viewport;
  readonly #decoder: BrowserImageDecoder;
  readonly #builder: SceneBuilder;
  readonly #labels: LabelOverlay;
  readonly #navigation = new SpatialNavigation();
  readonly #end = new AbortController();
  readonly #resize: ResizeObserver;
  #props: ViewProps;
  #built: { readonly spec: ViewSpec; readonly query: ViewQuery } | undefined;
  #scene: SpatialScene | undefined;
  #theme: ViewProps["theme"] | undefined;
  #stateLine: string | undefined;
  #hovered: Item | undefined;
  #hasDrawn = false;
  #width = 0;
  #height = 0;

  /** @throws when the browser has no WebGL 2 */
  constructor(elements: SpatialElements, props: ViewProps) {
    this.#elements = elements;
    this.#props = props;
    this.#labels = new LabelOverlay(elements.labels);
    this.#decoder = new BrowserImageDecoder(() => this.#rebuild());
    this.#builder = new SceneBuilder(this.#decoder);
    this.#viewport = new Viewport({
      canvas: elements.canvas,
      dimensions: props.spec.viewClass === "2d" ? 2 : 3,
      onFrame: () => this.#afterFrame(),
    });
    this.#resize = new ResizeObserver(() => this.#measure());
    this.#resize.observe(elements.host);
    listenToGestures(
      elements.host,
      {
        drag: (kind, dx, dy) => this.#moveCamera(() => this.#navigation.drag(kind, dx, dy)),
        zoom: (factor, x, y) => this.#moveCamera(() => this.#navigation.zoom(factor, x, y)),
        rest: (x, y, clientX, clientY) => this.#hover(x, y, clientX, clientY),
        leave: () => this.#setHovered(undefined, 0, 0),
        click: (x, y, isAdditive) => this.#props.onSelect(this.#itemAt(x, y), isAdditive),
        doubleClick: (x, y) => this.#focusAt(x, y),
        hasFocus: () => this.#props.hasFocus,
      },
      this.#end.signal,
    );
    this.#measure();
    this.update(props);
  }

  /** Takes what the shell says now; only what changed costs anything. */
  update(props: ViewProps): void {
    const before = this.#props;
    this.#props = props;
    if (props.theme !== this.#theme) {
      this.#theme = props.theme;
      this.#viewport.setTheme(props.theme);
      if (this.#scene !== undefined) this.#labels.setLabels(this.#scene.labels, props.theme, this.#scene.dimensions === 2);
    }
    if (this.#built?.query !== props.query || this.#built.spec !== props.spec) this.#rebuild();
    else this.#mark();
    const focus = props.focusRequest;
    if (focus !== undefined && focus.nonce !== before.focusRequest?.nonce) {
      this.#moveCamera(() => this.#navigation.focus((path) => isAtOrBelow(path, focus.entityPath)));
    }
    if (props.resetRequest !== before.resetRequest) this.#moveCamera(() => this.#navigation.reset());
  }

  close(): void {
    this.#end.abort();
    this.#resize.disconnect();
    this.#decoder.close();
    this.#viewport.dispose();
    if (this.#stateLine !== undefined) this.#props.onStateLine(undefined);
  }

  #rebuild(): void {
    const { spec, query } = this.#props;
    this.#built = { spec, query };
    const scene = this.#builder.build(spec, query, this.#viewport.pointBudget);
    // Chunks on their way: what was there before is better than what is left of it.
    if (!scene.hasData && query.isPending && this.#scene?.hasData === true) return;
    this.#scene = scene;
    this.#viewport.setScene(scene);
    this.#labels.setLabels(scene.labels, this.#props.theme, scene.dimensions === 2);
    this.#mark();
    this.#moveCamera(() => this.#navigation.setScene(scene, !query.isPending && !scene.isPending));
    const empty = scene.hasData || scene.isPending || query.isPending ? undefined : this.#props.noData;
    this.#say([scene.reduction, scene.problems[0]].filter((line) => line !== undefined).join(" · ") || empty);
  }

  #mark(): void {
    this.#viewport.setMarks(this.#props.hovered, this.#props.selection);
  }

  #measure(): void {
    const { clientWidth: width, clientHeight: height } = this.#elements.host;
    if (width === this.#width && height === this.#height) return;
    this.#width = width;
    this.#height = height;
    this.#viewport.setSize(width, height, globalThis.devicePixelRatio || 1);
    this.#moveCamera(() => this.#navigation.setSize({ width, height }));
  }

  #moveCamera(move: () => void): void {
    const before = this.#navigation.camera;
    move();
    const { camera } = this.#navigation;
    if (camera !== undefined && camera !== before) this.#viewport.setCamera(camera);
  }

  #afterFrame(): void {
    this.#labels.place((position) => this.#viewport.project(position), this.#width, this.#height);
    if (this.#hasDrawn || this.#scene?.hasData !== true) return;
    this.#hasDrawn = true;
    this.#props.onFirstFrame();
  }

  #itemAt(x: number, y: number): Item | undefined {
    const hit = this.#viewport.pick(x, y);
    if (hit === undefined) return undefined;
    const { entityPath, instance, position } = hit;
    const item = hit.isWhole ? { entityPath, position } : { entityPath, instance, position };
    if (hit.pixel === undefined) return item;
    const [column, row] = hit.pixel;
    const recorded = pixelTextAt(this.#props.query, entityPath, [column, row, 0])?.text;
    const text = recorded ?? this.#decoder.pixelText(entityPath, column, row);
    return { ...item, pixel: { x: column, y: row, ...(text === undefined ? {} : { text }) } };
  }

  #hover(x: number, y: number, clientX: number, clientY: number): void {
    this.#setHovered(this.#itemAt(x, y), clientX, clientY);
  }

  #setHovered(item: Item | undefined, clientX: number, clientY: number): void {
    if (item === undefined && this.#hovered === undefined) return;
    this.#hovered = item;
    this.#props.onHover(item, clientX, clientY);
  }

  #focusAt(x: number, y: number): void {
    const item = this.#itemAt(x, y);
    this.#moveCamera(() => {
      if (item === undefined) this.#navigation.reset();
      else this.#navigation.focus((path) => path === item.entityPath);
    });
  }

  #say(text: string | undefined): void {
    if (text === this.#stateLine) return;
    this.#stateLine = text;
    this.#props.onStateLine(text);
  }
}
