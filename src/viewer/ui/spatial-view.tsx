import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { SpatialController } from "./spatial-controller.js";
import type { ViewProps } from "./view-props.js";

const FILL = { position: "absolute", inset: 0 } as const;

/** Views of class `3d` and `2d`: a canvas, labels over it, and a controller that draws and listens. */
export function SpatialView(props: ViewProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const labels = useRef<HTMLDivElement>(null);
  const controller = useRef<SpatialController | undefined>(undefined);
  const [fault, setFault] = useState<string | undefined>(undefined);
  const is2D = props.spec.viewClass === "2d";

  useLayoutEffect(() => {
    if (host.current === null || canvas.current === null || labels.current === null) return;
    try {
      const elements = { host: host.current, canvas: canvas.current, labels: labels.current };
      controller.current = new SpatialController(elements, props);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
      return;
    }
    return () => {
      controller.current?.close();
      controller.current = undefined;
    };
  }, [props.spec.id, is2D]);

  useLayoutEffect(() => controller.current?.update(props));

  return (
    <div ref={host} style={{ ...FILL, overflow: "hidden", touchAction: "pan-x pan-y", cursor: is2D ? "crosshair" : "default" }}>
      <canvas ref={canvas} style={{ ...FILL, width: "100%", height: "100%", display: "block" }} />
      <div ref={labels} style={{ ...FILL, pointerEvents: "none", overflow: "hidden" }} />
      {fault !== undefined && <div class="blank">This view needs WebGL 2, which the browser does not offer: {fault}</div>}
    </div>
  );
}
