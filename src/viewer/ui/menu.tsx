import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

export interface MenuEntry {
  readonly label: string;
  readonly note?: string;
  readonly isChecked: boolean;
  choose(): void;
}

/** A button that opens a short list above itself; arrows and Escape work. */
export function Menu(props: {
  readonly label: string;
  readonly class: string;
  readonly entries: readonly MenuEntry[];
  readonly children: ComponentChildren;
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const host = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const close = (event: Event): void => {
      if (host.current !== null && !event.composedPath().includes(host.current)) setOpen(false);
    };
    const list = host.current?.querySelector<HTMLElement>(".menu");
    (list?.querySelector<HTMLElement>("[aria-checked=true]") ?? list?.querySelector<HTMLElement>("button"))?.focus();
    document.addEventListener("pointerdown", close, true);
    return () => document.removeEventListener("pointerdown", close, true);
  }, [isOpen]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isOpen) return;
    const buttons = [...(host.current?.querySelectorAll<HTMLElement>(".menu button") ?? [])];
    const at = buttons.indexOf(event.target as HTMLElement);
    if (event.key === "Escape") {
      setOpen(false);
      host.current?.querySelector<HTMLElement>("button")?.focus();
    } else if (event.key === "ArrowDown") buttons[(at + 1) % buttons.length]?.focus();
    else if (event.key === "ArrowUp") buttons[(at + buttons.length - 1) % buttons.length]?.focus();
    else if (event.key !== "Enter" && event.key !== " ") return;
    event.stopPropagation();
    if (event.key !== "Enter" && event.key !== " ") event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the button and of its menu come by here
    <span class={`menuhost ${props.class}`} ref={host} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="btn text"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={props.label}
        title={props.label}
        onClick={() => setOpen(!isOpen)}
      >
        {props.children}
      </button>
      {isOpen && (
        <span class="menu" role="menu" style={{ bottom: "26px", left: 0 }}>
          {props.entries.map((entry) => (
            <button
              type="button"
              role="menuitemradio"
              aria-checked={entry.isChecked}
              key={entry.label}
              onClick={() => {
                setOpen(false);
                entry.choose();
              }}
            >
              <span>{entry.label}</span>
              {entry.note !== undefined && <span class="muted">{entry.note}</span>}
            </button>
          ))}
        </span>
      )}
    </span>
  );
}
