import { STYLE } from "./style.js";

/**
 * A picture of the viewer as it is drawn now, as PNG: the page's own elements through an SVG, canvases as images in it.
 *
 * @param root the element inside the shadow root
 */
export async function takePicture(root: HTMLElement): Promise<Blob> {
  const { width, height } = root.getBoundingClientRect();
  const scale = devicePixelRatio;
  const copy = root.cloneNode(true) as HTMLElement;
  inlineCanvases(root, copy);
  inlineFields(root, copy);
  const font = getComputedStyle(root).fontFamily;
  copy.style.setProperty("width", `${width}px`);
  copy.style.setProperty("height", `${height}px`);
  copy.style.setProperty("font-family", font);
  const style = document.createElement("style");
  style.textContent = STYLE;
  copy.prepend(style);
  copy.setAttribute("xmlns", "http://www.w3.org/1999/xhtml");
  const body = new XMLSerializer().serializeToString(copy);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><foreignObject width="100%" height="100%">${body}</foreignObject></svg>`;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  context?.scale(scale, scale);
  context?.drawImage(image, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("The browser made no picture")) : resolve(blob)), "image/png");
  });
}

/** A cloned canvas is empty: an image of the original takes its place. */
function inlineCanvases(root: HTMLElement, copy: HTMLElement): void {
  const originals = [...root.querySelectorAll("canvas")];
  const copies = [...copy.querySelectorAll("canvas")];
  originals.forEach((canvas, i) => {
    const image = document.createElement("img");
    if (canvas.width > 0 && canvas.height > 0) image.src = canvas.toDataURL();
    const box = canvas.getBoundingClientRect();
    const style = getComputedStyle(canvas);
    image.setAttribute("style", canvas.getAttribute("style") ?? "");
    image.style.width = `${box.width}px`;
    image.style.height = `${box.height}px`;
    image.style.position = style.position;
    image.style.left = style.left;
    image.style.top = style.top;
    image.style.display = "block";
    copies[i]?.replaceWith(image);
  });
}

/** What was typed is a property, not an attribute; and what was scrolled starts at the top again. */
function inlineFields(root: HTMLElement, copy: HTMLElement): void {
  const fields = [...copy.querySelectorAll("input")];
  [...root.querySelectorAll("input")].forEach((field, i) => {
    fields[i]?.setAttribute("value", field.value);
  });
  const lists = [...copy.querySelectorAll<HTMLElement>(".log,.doc,.tree,.drawer.right")];
  [...root.querySelectorAll<HTMLElement>(".log,.doc,.tree,.drawer.right")].forEach((list, i) => {
    const first = lists[i]?.firstElementChild as HTMLElement | null | undefined;
    if (list.scrollTop > 0 && first instanceof HTMLElement) first.style.marginTop = `${-list.scrollTop}px`;
  });
}
