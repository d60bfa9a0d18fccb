/** Pointer, wheel and touch input of a spatial view, told as what the user means. */

export interface GestureActions {
  /** Pixels dragged since the last call. */
  drag(kind: "turn" | "move" | "roll", dx: number, dy: number): void;
  /** `factor` above 1 enlarges; `x`, `y` in pixels from the upper left corner. */
  zoom(factor: number, x: number, y: number): void;
  /** The pointer rests at a place. */
  rest(x: number, y: number, clientX: number, clientY: number): void;
  /** The pointer left, or began to drag. */
  leave(): void;
  click(x: number, y: number, isAdditive: boolean): void;
  doubleClick(x: number, y: number): void;
  /** Whether the wheel belongs to the view; else the page scrolls. */
  hasFocus(): boolean;
}

/** How long the pointer has to be still before what is under it is looked up. */
const REST_MS = 30;
/** A press that moves less is a click. */
const CLICK_PX = 4;
const ZOOM_PER_WHEEL_PX = 0.0015;

/** Listens on `element` until `signal` fires. */
export function listenToGestures(element: HTMLElement, actions: GestureActions, signal: AbortSignal): void {
  let rest: ReturnType<typeof setTimeout> | undefined;
  let pressed: { readonly id: number; readonly kind: "turn" | "move" | "roll"; x: number; y: number; moved: number } | undefined;

  const place = (event: MouseEvent): readonly [number, number] => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const forgetRest = (): void => {
    clearTimeout(rest);
    rest = undefined;
  };

  element.addEventListener(
    "pointerdown",
    (event) => {
      // One finger scrolls the page; two fingers are heard below.
      if (event.pointerType === "touch" || pressed !== undefined) return;
      const kind = event.button === 1 || event.altKey ? "roll" : event.button === 2 || event.shiftKey ? "move" : "turn";
      pressed = { id: event.pointerId, kind, x: event.clientX, y: event.clientY, moved: 0 };
      element.setPointerCapture(event.pointerId);
      if (event.button === 1) event.preventDefault();
      forgetRest();
    },
    { signal },
  );
  element.addEventListener(
    "pointermove",
    (event) => {
      if (pressed !== undefined && pressed.id === event.pointerId) {
        const [dx, dy] = [event.clientX - pressed.x, event.clientY - pressed.y];
        const wasStill = pressed.moved < CLICK_PX;
        pressed.moved += Math.abs(dx) + Math.abs(dy);
        if (pressed.moved < CLICK_PX) return;
        if (wasStill) actions.leave();
        pressed.x = event.clientX;
        pressed.y = event.clientY;
        actions.drag(pressed.kind, dx, dy);
        return;
      }
      forgetRest();
      const [x, y] = place(event);
      rest = setTimeout(() => actions.rest(x, y, event.clientX, event.clientY), REST_MS);
    },
    { signal },
  );
  const release = (event: PointerEvent): void => {
    if (pressed === undefined || pressed.id !== event.pointerId) return;
    const isClick = pressed.moved < CLICK_PX && event.type === "pointerup" && event.button === 0;
    pressed = undefined;
    if (isClick) actions.click(...place(event), event.ctrlKey || event.metaKey);
  };
  element.addEventListener("pointerup", release, { signal });
  element.addEventListener("pointercancel", release, { signal });
  element.addEventListener(
    "pointerleave",
    () => {
      forgetRest();
      actions.leave();
    },
    { signal },
  );
  element.addEventListener("dblclick", (event) => actions.doubleClick(...place(event)), { signal });
  element.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
  element.addEventListener(
    "wheel",
    (event) => {
      if (!actions.hasFocus()) return;
      event.preventDefault();
      const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
      const bounded = Math.max(-400, Math.min(400, event.ctrlKey ? pixels * 4 : pixels));
      actions.zoom(Math.exp(-bounded * ZOOM_PER_WHEEL_PX), ...place(event));
    },
    { signal, passive: false },
  );
  signal.addEventListener("abort", forgetRest);
  listenToFingers(element, actions, signal);
}

/** Two fingers: their distance zooms, their middle turns a 3D view and moves a 2D one. A tap of one finger is a click. */
function listenToFingers(element: HTMLElement, actions: GestureActions, signal: AbortSignal): void {
  let before: { readonly x: number; readonly y: number; readonly distance: number } | undefined;
  const read = (touches: TouchList): typeof before => {
    const [a, b] = [touches[0], touches[1]];
    if (a === undefined || b === undefined) return undefined;
    const box = element.getBoundingClientRect();
    return {
      x: (a.clientX + b.clientX) / 2 - box.left,
      y: (a.clientY + b.clientY) / 2 - box.top,
      distance: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY),
    };
  };
  const move = (event: TouchEvent): void => {
    const now = read(event.touches);
    if (now === undefined) return;
    event.preventDefault();
    if (before !== undefined) {
      actions.drag("turn", now.x - before.x, now.y - before.y);
      if (before.distance > 0 && now.distance > 0) actions.zoom(now.distance / before.distance, now.x, now.y);
    }
    before = now;
  };
  element.addEventListener("touchstart", move, { signal, passive: false });
  element.addEventListener("touchmove", move, { signal, passive: false });
  const end = (): void => {
    before = undefined;
  };
  element.addEventListener("touchend", end, { signal });
  element.addEventListener("touchcancel", end, { signal });
  element.addEventListener(
    "click",
    (event) => {
      const isTouch = (event as PointerEvent).pointerType === "touch";
      const box = element.getBoundingClientRect();
      if (isTouch) actions.click(event.clientX - box.left, event.clientY - box.top, false);
    },
    { signal },
  );
}
