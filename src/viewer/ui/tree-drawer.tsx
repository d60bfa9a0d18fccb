import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { buildTree, isShown, type TreeRow, treeRows, userEntities } from "../state/tree.js";
import { Icon } from "./icons.js";
import { useViewer } from "./viewer-context.js";

/** All entities as a tree: search, select, show and hide. */
export function TreeDrawer(): JSX.Element {
  const { model, leave } = useViewer();
  const [search, setSearch] = useState("");
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const box = useRef<HTMLInputElement>(null);
  const { entities } = model.index.value;
  const tree = useMemo(() => buildTree(userEntities(entities)), [entities]);
  const rows = useMemo(() => treeRows(tree, collapsed, search), [tree, collapsed, search]);
  const selected = model.selection.value[0]?.entityPath;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const toggleOpen = (path: string): void => {
    const next = new Set(collapsed);
    if (!next.delete(path)) next.add(path);
    setCollapsed(next);
  };
  const moveFocus = (by: number): void => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>(".item") ?? [])];
    const root = list.current?.getRootNode() as ShadowRoot | undefined;
    const at = items.indexOf(root?.activeElement as HTMLElement);
    items[Math.min(items.length - 1, Math.max(0, at + by))]?.focus();
  };
  const onTreeKey = (event: KeyboardEvent, row: TreeRow): void => {
    const { path, children } = row.node;
    if (event.key === "ArrowDown") moveFocus(1);
    else if (event.key === "ArrowUp") moveFocus(-1);
    else if (event.key === "Enter") model.click({ entityPath: path }, event.ctrlKey || event.metaKey);
    else if (event.key === " ") model.toggleVisible(path);
    else if (event.key === "ArrowRight" && children.length > 0 && !row.isExpanded) toggleOpen(path);
    else if (event.key === "ArrowLeft" && children.length > 0 && row.isExpanded) toggleOpen(path);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <aside class="drawer left" aria-label="Entities">
      <input
        ref={box}
        class="search"
        type="search"
        placeholder="Search entities"
        aria-label="Search entities"
        value={search}
        onInput={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && search !== "") setSearch("");
          else if (event.key === "Escape") leave();
          else if (event.key === "ArrowDown") moveFocus(1);
          event.stopPropagation();
        }}
      />
      <div class="tree" role="tree" aria-label="Entities" ref={list}>
        {rows.map((row) => {
          const { path, name, children, hasData } = row.node;
          const isVisible = isShown(model.hidden.value, path);
          const isSelected = model.selection.value.some((item) => item.entityPath === path);
          return (
            <div
              key={path}
              class={`item ${isSelected ? "sel" : ""} ${isVisible ? "" : "off"} ${hasData ? "" : "part"}`}
              style={{ paddingLeft: `${6 + row.depth * 14}px` }}
              role="treeitem"
              tabIndex={path === selected || (selected === undefined && row === rows[0]) ? 0 : -1}
              aria-level={row.depth + 1}
              aria-selected={isSelected}
              {...(children.length > 0 ? { "aria-expanded": row.isExpanded } : {})}
              title={path}
              onClick={(event) => model.click({ entityPath: path }, event.ctrlKey || event.metaKey)}
              onDblClick={() => model.focusEntity(path)}
              onKeyDown={(event) => onTreeKey(event, row)}
            >
              {children.length > 0 ? (
                <button
                  type="button"
                  tabIndex={-1}
                  class={`twist ${row.isExpanded ? "open" : ""}`}
                  aria-label={row.isExpanded ? "Collapse" : "Expand"}
                  onClick={(event) => {
                    toggleOpen(path);
                    event.stopPropagation();
                  }}
                >
                  <Icon name="twist" />
                </button>
              ) : (
                <span class="twist" />
              )}
              <Icon name="entity" />
              <span class="label">{name}</span>
              <button
                type="button"
                class="eye"
                tabIndex={-1}
                aria-label={isVisible ? `Hide ${name}` : `Show ${name}`}
                aria-pressed={isVisible}
                title={isVisible ? "Hide" : "Show"}
                onClick={(event) => {
                  model.toggleVisible(path);
                  event.stopPropagation();
                }}
              >
                <Icon name={isVisible ? "eye" : "closedEye"} />
              </button>
            </div>
          );
        })}
        {rows.length === 0 && <div class="blank">{search === "" ? "No entities yet" : `No entity matches “${search}”`}</div>}
      </div>
    </aside>
  );
}
