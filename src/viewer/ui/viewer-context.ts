import { type Context, createContext } from "preact";
import { useContext } from "preact/hooks";
import { assertDefined } from "../state/assert-defined.js";
import type { ViewerModel } from "../state/viewer-model.js";

/** What a component may do beyond the model: things of the page. */
export interface ViewerHost {
  readonly model: ViewerModel;
  /** The element everything is drawn in, inside the shadow root. */
  readonly root: HTMLElement;
  toggleFullscreen(): void;
  readonly canFullscreen: boolean;
  /** Saves a picture of the viewer where the browser puts downloads. */
  savePicture(): void;
  /** Gives the keyboard back to the page. */
  leave(): void;
}

export const ViewerContext: Context<ViewerHost | undefined> = createContext<ViewerHost | undefined>(undefined);

/** The viewer this component is part of. */
export function useViewer(): ViewerHost {
  return assertDefined(useContext(ViewerContext), "a viewer around the component");
}
