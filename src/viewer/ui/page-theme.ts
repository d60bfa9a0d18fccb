import { resolveTheme, type Theme, type ThemeOption } from "../state/theme.js";

/**
 * The theme of the page around `element`, now and whenever it changes.
 *
 * @returns the function that ends it
 */
export function watchTheme(element: HTMLElement, option: ThemeOption, tell: (theme: Theme) => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const update = (): void => {
    tell(
      resolveTheme(option, {
        jupyterLight: element.closest("[data-jp-theme-light]")?.getAttribute("data-jp-theme-light") ?? null,
        jupyterSurface: getComputedStyle(element).getPropertyValue("--jp-layout-color1"),
        prefersDark: system.matches,
      }),
    );
  };
  update();
  if (option !== "auto") return () => {};
  const observer = new MutationObserver(update);
  for (const target of [document.documentElement, document.body]) {
    observer.observe(target, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  }
  system.addEventListener("change", update);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", update);
  };
}
