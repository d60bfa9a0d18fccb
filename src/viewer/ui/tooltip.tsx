import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { formatNumber } from "../../core/index.js";
import { compareFields, fieldLabel, instancesOf, showInstance } from "../state/format-value.js";
import { useViewer } from "./viewer-context.js";

const SHOWN = new Set(["positions", "colors", "radii", "labels", "class_ids", "scalars", "text", "half_sizes", "vectors"]);

/** Path, instance and the telling values of what the pointer is over. */
export function Tooltip(): JSX.Element | null {
  const { model, root } = useViewer();
  const hover = model.hover.value;
  const tip = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  useLayoutEffect(() => {
    if (hover === undefined || tip.current === null) return;
    const box = root.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = tip.current;
    const left = hover.clientX - box.left + 14;
    const top = hover.clientY - box.top + 14;
    setPlace({
      left: Math.max(2, left + width > box.width - 2 ? left - width - 24 : left),
      top: Math.max(2, top + height > box.height - 2 ? top - height - 24 : top),
    });
  }, [hover, root]);
  if (hover === undefined) return null;
  const { entityPath, instance, position, pixel } = hover.item;
  const query = model.query.value;
  const entity = model.index.value.entities.find(({ path }) => path === entityPath);
  const lines: JSX.Element[] = [];
  const components = [...(entity?.components ?? [])].sort((a, b) =>
    compareFields(a.descriptor.component, b.descriptor.component),
  );
  for (const { descriptor } of components) {
    const label = fieldLabel(descriptor.component);
    if (!SHOWN.has(label.replaceAll(" ", "_")) || instance === undefined) continue;
    const cell = query?.latestAt(entityPath, descriptor.component);
    const count = cell === undefined ? 0 : instancesOf(cell);
    if (cell === undefined || count === 0) continue;
    const { text, swatch } = showInstance(cell, Math.min(instance, count - 1));
    lines.push(
      <div key={descriptor.component}>
        {swatch !== undefined && <span class="swatch" style={{ background: swatch }} />}
        <span class="muted">{label}</span> <b>{text.length > 80 ? `${text.slice(0, 80)}…` : text}</b>
      </div>,
    );
  }
  if (pixel !== undefined) {
    lines.push(
      <div key="pixel">
        <span class="muted">
          pixel {pixel.x}, {pixel.y}
        </span>{" "}
        <b>{pixel.text}</b>
      </div>,
    );
  }
  if (position !== undefined && lines.length === 0) {
    lines.push(
      <div key="position">
        <span class="muted">position</span> <b>{position.map((value) => formatNumber(value, 4)).join(", ")}</b>
      </div>,
    );
  }
  return (
    <div class="tip" ref={tip} role="tooltip" style={{ left: `${place.left}px`, top: `${place.top}px` }}>
      <span class="mono">{entityPath}</span> {instance !== undefined && <span class="muted">#{instance}</span>}
      {lines}
    </div>
  );
}
