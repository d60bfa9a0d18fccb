import type { JSX } from "preact";
import { formatBytes } from "../../core/index.js";
import { formatCount } from "../state/format-value.js";
import { userEntities } from "../state/tree.js";
import { Icon, type IconName } from "./icons.js";
import { useViewer } from "./viewer-context.js";

/** Name of the recording, how much it holds, and what can be opened. */
export function TopBar({ isFullscreen }: { readonly isFullscreen: boolean }): JSX.Element {
  const { model, toggleFullscreen, canFullscreen, savePicture } = useViewer();
  const { info, chunks } = model.index.value;
  const entities = userEntities(model.index.value.entities);
  let bytes = 0;
  for (const summary of chunks.values()) bytes += summary.sizeBytes;
  const segments = model.segments.value;
  const hasOthers = (segments?.list.value?.length ?? 0) > 1;
  const name = segments?.nameOf(info.recordingId) ?? info.name ?? info.applicationId;
  const maximized = model.maximized.value;
  return (
    <div class="bar top" role="toolbar" aria-label="Viewer">
      <Toggle
        icon="tree"
        label="Entities"
        isOn={model.isTreeOpen.value}
        toggle={() => {
          flip(model.isTreeOpen);
          model.isSegmentsOpen.value = false;
        }}
      />
      {!hasOthers ? (
        <span class="name" title={`${info.applicationId} · ${info.recordingId}`}>
          {name}
        </span>
      ) : (
        <button
          type="button"
          class={`btn name ${model.isSegmentsOpen.value ? "on" : "text"}`}
          aria-label={`Recordings of ${info.applicationId}, now ${name}`}
          aria-expanded={model.isSegmentsOpen.value}
          title={`${info.applicationId} · ${info.recordingId}`}
          onClick={() => {
            flip(model.isSegmentsOpen);
            model.isTreeOpen.value = false;
          }}
        >
          <span>{name === "" ? info.applicationId : name}</span> <span class="muted">▾</span>
        </button>
      )}
      <span class="grow" />
      {entities.length > 0 && (
        <span class="counts">
          {formatCount(entities.length)} {entities.length === 1 ? "entity" : "entities"} · {formatBytes(bytes)}
        </span>
      )}
      {maximized !== undefined && (
        <Toggle icon="restore" label="Show all views" isOn toggle={() => (model.maximized.value = undefined)} />
      )}
      <button type="button" class="btn narrow" title="Save a picture" aria-label="Save a picture" onClick={savePicture}>
        <Icon name="camera" />
      </button>
      <Toggle icon="panel" label="Selection" isOn={model.isSelectionOpen.value} toggle={() => flip(model.isSelectionOpen)} />
      {canFullscreen && (
        <button
          type="button"
          class="btn"
          title={isFullscreen ? "Leave full screen" : "Full screen"}
          aria-label={isFullscreen ? "Leave full screen" : "Full screen"}
          onClick={toggleFullscreen}
        >
          <Icon name={isFullscreen ? "unfull" : "full"} />
        </button>
      )}
    </div>
  );
}

function Toggle(props: { readonly icon: IconName; readonly label: string; readonly isOn: boolean; toggle(): void }): JSX.Element {
  return (
    <button
      type="button"
      class={`btn ${props.isOn ? "on" : ""}`}
      aria-pressed={props.isOn}
      title={props.label}
      aria-label={props.label}
      onClick={props.toggle}
    >
      <Icon name={props.icon} />
    </button>
  );
}

function flip(flag: { value: boolean }): void {
  flag.value = !flag.value;
}
