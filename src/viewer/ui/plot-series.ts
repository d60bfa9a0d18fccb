import { useEffect, useRef, useState } from "preact/hooks";
import { isRerunError, type TimeRange } from "../../core/index.js";
import type { SeriesReply } from "../../link/client.js";
import { SCALARS, type SeriesSpec } from "../views/time-series.js";
import { useViewer } from "./viewer-context.js";

/** What was asked for, with the answers by series id. */
export interface LoadedSeries {
  readonly range: TimeRange;
  readonly buckets: number;
  readonly replies: ReadonlyMap<string, SeriesReply>;
}

/**
 * The series' points in a range of time, reduced to `buckets` by the kernel. Asked anew when the range, the width or the
 * data change; one round of requests at a time, the newest wish next.
 */
export function useLoadedSeries(
  series: readonly SeriesSpec[],
  timeline: string | undefined,
  range: TimeRange | undefined,
  buckets: number,
): LoadedSeries | undefined {
  const { model } = useViewer();
  const [loaded, setLoaded] = useState<LoadedSeries | undefined>(undefined);
  const state = useRef({ isLoading: false, asked: "", wish: "", isGone: false });
  const load = useRef<() => void>(() => {});
  const rows = series.map(({ entityPath }) => {
    let sum = 0;
    for (const chunk of model.recording.chunksOf(entityPath, SCALARS)) sum += chunk.numRows;
    return sum;
  });
  const wish =
    timeline === undefined || range === undefined || buckets === 0 || series.length === 0
      ? ""
      : JSON.stringify([timeline, `${range.min}`, `${range.max}`, buckets, series.map(({ id }) => id), rows]);
  load.current = (): void => {
    const now = state.current;
    if (now.isLoading || now.isGone || now.wish === now.asked || timeline === undefined || range === undefined) return;
    now.isLoading = true;
    now.asked = now.wish;
    const wanted = { range, buckets };
    const requests = series.map(async ({ id, entityPath, instance }): Promise<[string, SeriesReply]> => {
      const span = { timeline, from: range.min, to: range.max, buckets };
      return [id, await model.recording.series({ entityPath, component: SCALARS, instance, ...span })];
    });
    Promise.all(requests).then(
      (replies) => finish(() => setLoaded({ ...wanted, replies: new Map(replies) })),
      (error: unknown) =>
        finish(() => {
          // Said by who closed it.
          if (!isRerunError(error, "Closed")) model.problem.value = error instanceof Error ? error.message : String(error);
        }),
    );
    function finish(take: () => void): void {
      now.isLoading = false;
      if (now.isGone) return;
      take();
      load.current();
    }
  };
  const isOnScreen = model.isOnScreen.value;
  useEffect(() => {
    state.current.wish = wish;
    if (wish !== "" && isOnScreen) load.current();
  }, [wish, isOnScreen]);
  useEffect(() => {
    const now = state.current;
    return () => {
      now.isGone = true;
    };
  }, []);
  return loaded;
}
