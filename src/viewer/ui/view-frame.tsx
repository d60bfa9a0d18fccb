import type { JSX } from "preact";
import { useCallback, useMemo, useState } from "preact/hooks";
import { noDataText } from "../state/no-data.js";
import type { Item, ViewSpec } from "../state/view-query.js";
import { Icon } from "./icons.js";
import { VIEW_COMPONENTS } from "./view-registry.js";
import { useViewer } from "./viewer-context.js";

/** A view with its title, focus border and state line. */
export function ViewFrame({ spec, hasTitle }: { readonly spec: ViewSpec; readonly hasTitle: boolean }): JSX.Element {
  const { model } = useViewer();
  const [stateLine, setStateLine] = useState<string | undefined>(undefined);
  const onSelect = useCallback((item: Item | undefined, isAdditive: boolean) => model.click(item, isAdditive), [model]);
  const onHover = useCallback(
    (item: Item | undefined, clientX: number, clientY: number) =>
      model.setHover(item === undefined ? undefined : { item, clientX, clientY }),
    [model],
  );
  const onFirstFrame = useCallback(() => model.markDrawn(spec.id), [model, spec.id]);
  const query = model.query.value;
  const noData = useMemo(
    () => (query === undefined ? "" : noDataText(spec, query, (path, component) => model.recording.chunksOf(path, component))),
    [spec, query?.timeline, model.index.value, model.hidden.value],
  );
  const hasFocus = model.focusedView.value === spec.id;
  const isMaximized = model.maximized.value === spec.id;
  const View = VIEW_COMPONENTS[spec.viewClass];
  const focusRequest = model.focusRequest.value;
  const label = isMaximized ? "Show all views" : `Maximize ${spec.name}`;
  return (
    <section
      class={`view ${hasFocus ? "focus" : ""} ${spec.viewClass === "3d" ? "space3d" : ""}`}
      data-view={spec.viewClass}
      data-origin={spec.origin}
      aria-label={spec.name}
      tabIndex={-1}
      onPointerDown={(event) => {
        model.focusedView.value = spec.id;
        // A view may keep the browser from moving the focus itself.
        if (!(event.target instanceof HTMLInputElement) && !(event.target instanceof HTMLButtonElement)) {
          event.currentTarget.focus({ preventScroll: true });
        }
      }}
      onPointerLeave={() => model.setHover(undefined)}
    >
      {hasTitle && (
        <div class="title" title={spec.origin}>
          <Icon name={spec.viewClass} />
          <span>{spec.name}</span>
          <button
            type="button"
            class={`btn ${isMaximized ? "on" : ""}`}
            title={label}
            aria-label={label}
            aria-pressed={isMaximized}
            onClick={() => {
              model.maximized.value = isMaximized ? undefined : spec.id;
            }}
          >
            <Icon name={isMaximized ? "restore" : "maximize"} />
          </button>
        </div>
      )}
      <div class="body">
        {query !== undefined && (
          <View
            spec={spec}
            query={query}
            selection={model.selection.value}
            hovered={model.hover.value?.item}
            theme={model.theme.value}
            hasFocus={hasFocus}
            onSelect={onSelect}
            onHover={onHover}
            {...(focusRequest === undefined ? {} : { focusRequest })}
            resetRequest={model.resets.value.get(spec.id) ?? 0}
            noData={noData}
            onStateLine={setStateLine}
            onFirstFrame={onFirstFrame}
          />
        )}
      </div>
      {stateLine !== undefined && <div class={`state ${stateLine === noData ? "empty" : ""}`}>{stateLine}</div>}
    </section>
  );
}
