import type { JSX } from "preact";
import { KEY_HELP } from "./keys.js";
import { useViewer } from "./viewer-context.js";

/** The keys that work while the viewer has the focus. */
export function HelpOverlay(): JSX.Element {
  const { model } = useViewer();
  const close = (): void => {
    model.isHelpOpen.value = false;
  };
  return (
    <div class="help" role="dialog" aria-label="Keys" onPointerDown={close}>
      <div>
        <h2>Keys</h2>
        <dl>
          {KEY_HELP.map(([keys, meaning]) => [
            <dt key={`${meaning} keys`}>{keys.map((key) => (key === "–" ? " – " : <kbd key={key}>{key}</kbd>))}</dt>,
            <dd key={meaning}>{meaning}</dd>,
          ])}
        </dl>
      </div>
    </div>
  );
}
