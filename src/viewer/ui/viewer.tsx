import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { formatBytes } from "../../core/index.js";
import { advance } from "../state/time-control.js";
import { userEntities } from "../state/tree.js";
import { useElementSize } from "./element-size.js";
import { HelpOverlay } from "./help-overlay.js";
import { SegmentsDrawer } from "./segments-drawer.js";
import { SelectionDrawer } from "./selection-drawer.js";
import { TimeBar } from "./time-bar.js";
import { Tooltip } from "./tooltip.js";
import { TopBar } from "./top-bar.js";
import { TreeDrawer } from "./tree-drawer.js";
import { ViewGrid } from "./view-grid.js";
import { useViewer } from "./viewer-context.js";

const NARROW_PX = 480;
const LOW_PX = 320;

/** The whole viewer: bars above and below, views between, drawers over them. */
export function Viewer({ isFullscreen }: { readonly isFullscreen: boolean }): JSX.Element {
  const { model, root } = useViewer();
  const { width, height } = useElementSize(useMemo(() => ({ current: root }), [root]));
  usePlaying();
  const segments = model.segments.value;
  const isLow = height > 0 && height < LOW_PX && !isFullscreen;
  return (
    <>
      {!isLow && <TopBar isFullscreen={isFullscreen} />}
      <div class="main">
        <Content isNarrow={width > 0 && width < NARROW_PX} />
        <WaitingLine />
        {model.isTreeOpen.value && <TreeDrawer />}
        {segments !== undefined && model.isSegmentsOpen.value && <SegmentsDrawer segments={segments} />}
        {model.isSelectionOpen.value && <SelectionDrawer />}
        <ConnectionLine />
        {model.isHelpOpen.value && <HelpOverlay />}
      </div>
      <TimeBar />
      <Tooltip />
    </>
  );
}

function Content({ isNarrow }: { readonly isNarrow: boolean }): JSX.Element | null {
  const { model } = useViewer();
  if (model.views.value.length > 0) return <ViewGrid isNarrow={isNarrow} />;
  if (!model.recording.isKnown) return <div class="blank">{model.status.value === "closed" ? "" : "Loading…"}</div>;
  if (model.segments.value?.list.value?.length === 0) return <div class="blank">This dataset has no recordings yet.</div>;
  if (userEntities(model.index.value.entities).length > 0) {
    return <div class="blank">Nothing here has a view yet. Open the entities on the left to see the data.</div>;
  }
  return (
    <div class="blank">
      <p>Nothing logged yet.</p>
      <code>rr.log("points", new rr.Points3D([[0, 0, 0], [1, 1, 1]]))</code>
    </div>
  );
}

/** Said only when data take a while: the style sheet shows it late. */
function WaitingLine(): JSX.Element | null {
  const { model } = useViewer();
  const bytes = model.waitingBytes.value;
  if (bytes === undefined || model.status.value === "closed") return null;
  return (
    <>
      <div class="waiting" />
      {model.problem.value === undefined && (
        <div class="state late" role="status">
          {bytes === 0 ? "Loading…" : `Loading ${formatBytes(bytes)}…`}
        </div>
      )}
    </>
  );
}

/** Said only when something is wrong or slow. */
function ConnectionLine(): JSX.Element | null {
  const { model } = useViewer();
  const status = model.status.value;
  const problem = model.problem.value;
  const text =
    status === "closed"
      ? "Kernel stopped. Run the cell again to interact."
      : status === "busy"
        ? "kernel busy"
        : problem === undefined
          ? undefined
          : `Could not load data, trying again: ${problem}`;
  if (text === undefined) return null;
  return (
    <div class={`state ${status === "busy" ? "" : "alert"}`} role="status">
      {text}
    </div>
  );
}

/** While playing, moves the cursor on with every frame the browser draws; else nothing runs. */
function usePlaying(): void {
  const { model } = useViewer();
  const isRunning = model.time.value.isPlaying && model.isOnScreen.value;
  useEffect(() => {
    if (!isRunning) return;
    let last = performance.now();
    let frame = requestAnimationFrame(function tick(now: number) {
      const elapsedMs = Math.min(250, Math.max(0, now - last));
      last = now;
      if (model.mayAdvance(now)) model.setTime(advance(model.time.value, elapsedMs));
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [isRunning, model]);
}
