import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Segments } from "../state/segments.js";
import { useElementSize } from "./element-size.js";
import { useViewer } from "./viewer-context.js";

const ROW_PX = 22;

/** The recordings of the dataset: search, choose one. Only the rows that can be seen are in the page. */
export function SegmentsDrawer({ segments }: { readonly segments: Segments }): JSX.Element {
  const { model, leave } = useViewer();
  const [search, setSearch] = useState("");
  const [scroll, setScroll] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const { height } = useElementSize(list);
  const all = segments.list.value;
  const current = segments.chosen.value ?? model.index.value.info.recordingId;
  const shown = useMemo(() => {
    const needle = search.trim().toLowerCase();
    return (all ?? []).filter(({ id, name = "" }) => `${id}\n${name}`.toLowerCase().includes(needle));
  }, [all, search]);
  const at = shown.findIndex(({ id }) => id === current);
  useEffect(() => {
    segments.refresh();
    list.current?.focus();
  }, []);
  useEffect(() => {
    const box = list.current;
    if (box === null || at < 0 || height === 0) return;
    const top = at * ROW_PX;
    if (top < box.scrollTop || top + ROW_PX > box.scrollTop + height) box.scrollTop = top - height / 2;
  }, [at, height > 0]);
  const onListKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const next = shown[at < 0 ? 0 : at + step];
    if (next !== undefined) segments.choose(next.id);
    event.preventDefault();
    event.stopPropagation();
  };
  const first = Math.max(0, Math.floor(scroll / ROW_PX) - 4);
  const last = Math.min(shown.length, Math.ceil((scroll + height) / ROW_PX) + 4);
  return (
    <aside class="drawer left" aria-label="Recordings">
      <input
        class="search"
        type="search"
        placeholder={all === undefined ? "Search recordings" : `Search ${all.length} recordings`}
        aria-label="Search recordings"
        value={search}
        onInput={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && search !== "") setSearch("");
          else if (event.key === "Escape") leave();
          else if (event.key === "ArrowDown") list.current?.focus();
          event.stopPropagation();
        }}
      />
      <div
        class="tree"
        role="listbox"
        tabIndex={0}
        aria-label="Recordings"
        aria-activedescendant={at < 0 ? undefined : `segment-${at}`}
        ref={list}
        onKeyDown={onListKey}
        onScroll={(event) => setScroll(event.currentTarget.scrollTop)}
      >
        <div style={{ position: "relative", height: `${shown.length * ROW_PX}px` }}>
          {shown.slice(first, last).map(({ id, name }, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus and the keys
            <div
              key={id}
              id={`segment-${first + i}`}
              class={`item ${id === current ? "sel" : ""}`}
              style={{ position: "absolute", left: 0, right: 0, top: `${(first + i) * ROW_PX}px`, paddingLeft: "10px" }}
              role="option"
              tabIndex={-1}
              aria-selected={id === current}
              title={id}
              onClick={() => segments.choose(id)}
            >
              <span class="label">{name ?? id}</span>
              {name !== undefined && <span class="note">{id}</span>}
            </div>
          ))}
        </div>
        {all === undefined && <div class="blank">Loading…</div>}
        {all !== undefined && shown.length === 0 && (
          <div class="blank">{search === "" ? "No recordings yet" : `No recording matches “${search}”`}</div>
        )}
      </div>
    </aside>
  );
}
