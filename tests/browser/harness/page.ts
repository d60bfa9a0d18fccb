/** What runs in the page of the browser tests: viewers over stores within the page. */
import * as rr from "../../../src/types/index.js";
import { type MountedViewer, mountViewer, type ViewerOptions } from "../../../src/viewer/index.js";
import { MemoryTransport } from "../../support/memory-transport.js";
import type { TestRecording } from "../../support/test-recording.js";
import { FRAME, SCENES } from "./scenes.js";

export interface Shown {
  readonly recording: TestRecording;
  readonly transport: MemoryTransport;
  readonly viewer: MountedViewer;
  readonly element: HTMLElement;
}

export interface Harness {
  readonly shown: Shown[];
  readonly rr: typeof rr;
  readonly FRAME: typeof FRAME;
  show(scene: string, size: { readonly width: number; readonly height: number }, options?: ViewerOptions): Shown;
  showAgain(other: Shown, size: { readonly width: number; readonly height: number }): Shown;
}

const shown: Shown[] = [];

function place(
  recording: TestRecording,
  name: string,
  size: { readonly width: number; readonly height: number },
  options: ViewerOptions,
): Shown {
  const element = document.createElement("div");
  element.className = "cell-output";
  element.style.width = `${size.width}px`;
  document.body.append(element);
  const transport = new MemoryTransport(recording.store, name, `${name}-id`);
  const viewer = mountViewer(element, transport, { ...options, height: size.height });
  const made = { recording, transport, viewer, element };
  shown.push(made);
  return made;
}

globalThis.harness = {
  shown,
  rr,
  FRAME,
  show(scene, size, options = {}) {
    const make = SCENES[scene];
    if (make === undefined) throw new Error(`No scene ${scene}`);
    return place(make(), scene, size, options);
  },
  showAgain: (other, size) => place(other.recording, "again", size, {}),
};

declare global {
  /** Set by this script. */
  var harness: Harness;
}
