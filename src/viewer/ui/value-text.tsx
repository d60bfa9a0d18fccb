import type { JSX } from "preact";
import { groupDigits } from "../../core/index.js";
import { instancesOf, showInstance } from "../state/format-value.js";
import type { ComponentCell } from "../state/view-query.js";

const FIRST = 5;

/** The values of one component: the first few, or the one instance that is selected. */
export function ValueText({
  cell,
  instance,
}: {
  readonly cell: ComponentCell;
  readonly instance?: number | undefined;
}): JSX.Element {
  const count = instancesOf(cell);
  if (count === 0) return <dd class="muted">none</dd>;
  if (instance !== undefined) return <One cell={cell} instance={count === 1 ? 0 : Math.min(instance, count - 1)} />;
  if (count === 1) return <One cell={cell} instance={0} />;
  return (
    <dd>
      {Array.from({ length: Math.min(count, FIRST) }, (_, i) => (
        <div key={`${i}`}>
          <Inline cell={cell} instance={i} digits={3} />
        </div>
      ))}
      {count > FIRST && <div class="more">… {groupDigits(count - FIRST)} more</div>}
    </dd>
  );
}

function One({ cell, instance }: { readonly cell: ComponentCell; readonly instance: number }): JSX.Element {
  return (
    <dd class={showInstance(cell, instance).isMultiline === true ? "pre" : ""}>
      <Inline cell={cell} instance={instance} />
    </dd>
  );
}

function Inline(props: { readonly cell: ComponentCell; readonly instance: number; readonly digits?: number }): JSX.Element {
  const { text, swatch } = showInstance(props.cell, props.instance, props.digits);
  return (
    <>
      {swatch !== undefined && <span class="swatch" style={{ background: swatch }} />}
      {text}
    </>
  );
}
