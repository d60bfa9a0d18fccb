import type { JSX } from "preact";
import { formatBytes, formatTime, groupDigits } from "../../core/index.js";
import type { ChunkSummary } from "../../link/client.js";
import { compareFields, fieldLabel, instancesOf, shortName } from "../state/format-value.js";
import { currentTimeline } from "../state/time-control.js";
import type { ComponentCell, Item } from "../state/view-query.js";
import { ValueText } from "./value-text.js";
import { useViewer } from "./viewer-context.js";

/** What is selected: its components with their values at the current time. */
export function SelectionDrawer(): JSX.Element {
  const { model } = useViewer();
  const selection = model.selection.value;
  return (
    <aside class="drawer right" aria-label="Selection">
      {selection.length === 0 && (
        <p class="muted" style={{ margin: 0 }}>
          Nothing selected. Click on something in a view or in the tree.
        </p>
      )}
      {selection.map((item, i) => (
        <div key={`${item.entityPath}#${item.instance ?? ""}`}>
          {i > 0 && <div class="rule" />}
          <Details item={item} />
        </div>
      ))}
    </aside>
  );
}

interface Found {
  readonly component: string;
  readonly archetype: string;
  readonly cell: ComponentCell;
}

function Details({ item }: { readonly item: Item }): JSX.Element {
  const { model } = useViewer();
  const query = model.query.value;
  const timeline = currentTimeline(model.time.value);
  const entity = model.index.value.entities.find(({ path }) => path === item.entityPath);
  const found: Found[] = [];
  for (const { descriptor } of entity?.components ?? []) {
    const cell = query?.latestAt(item.entityPath, descriptor.component);
    if (cell !== undefined) found.push({ component: descriptor.component, archetype: shortName(descriptor.archetype), cell });
  }
  found.sort((a, b) => compareFields(a.component, b.component));
  const archetypes = [...new Set(found.map(({ archetype }) => archetype))];
  const count = found.reduce((most, { cell }) => Math.max(most, instancesOf(cell)), 0);
  const at =
    timeline === undefined || query?.time === undefined
      ? "static"
      : `at ${timeline.name} ${formatTime(query.time, timeline.type)}`;
  const summary = [
    `${archetypes.filter((name) => name !== "").join(", ") || "Data"} ${at}`,
    ...(item.instance === undefined && count > 1 ? [`${groupDigits(count)} instances`] : []),
  ];
  return (
    <>
      <div class="head mono">
        {item.entityPath} {item.instance !== undefined && <span class="muted">#{item.instance}</span>}
      </div>
      {found.length === 0 ? (
        <div class="sub">{entity === undefined ? "Nothing was logged here, only below." : `No data ${at}.`}</div>
      ) : (
        <div class="sub">{summary.join(" · ")}</div>
      )}
      {archetypes.map((archetype) => (
        <div key={archetype}>
          {archetypes.length > 1 && <div class="group">{archetype || "Other"}</div>}
          <dl class="kv">
            {found
              .filter((one) => one.archetype === archetype)
              .map(({ component, cell }) => [
                <dt key={`${component} name`} title={component}>
                  {fieldLabel(component)}
                </dt>,
                <ValueText key={component} cell={cell} instance={item.instance} />,
              ])}
          </dl>
        </div>
      ))}
      {entity !== undefined && (
        <>
          <div class="rule" />
          <Origin chunks={model.recording.chunksOf(item.entityPath)} found={found} />
        </>
      )}
    </>
  );
}

/** Where the data came from: timelines, times of the shown rows, size. */
function Origin({ chunks, found }: { readonly chunks: readonly ChunkSummary[]; readonly found: readonly Found[] }): JSX.Element {
  const { model } = useViewer();
  const timeline = currentTimeline(model.time.value);
  const names = [...new Set(chunks.flatMap((chunk) => [...chunk.timelines.keys()]))].sort();
  let bytes = 0;
  for (const chunk of chunks) bytes += chunk.sizeBytes;
  const times = [...new Set(found.map(({ cell }) => cell.time))];
  const loggedAt = times
    .slice(0, 3)
    .map((time) => (time === undefined ? "static" : formatTime(time, timeline?.type ?? "sequence")))
    .join(", ");
  return (
    <dl class="kv">
      <dt>timelines</dt>
      <dd>{names.length === 0 ? "static" : names.join(", ")}</dd>
      {loggedAt !== "" && [<dt key="name">logged at</dt>, <dd key="value">{loggedAt}</dd>]}
      <dt>size</dt>
      <dd>
        {formatBytes(bytes)} in {groupDigits(chunks.length)} {chunks.length === 1 ? "chunk" : "chunks"}
      </dd>
    </dl>
  );
}
