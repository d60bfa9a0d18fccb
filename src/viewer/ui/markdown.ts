import DOMPurify from "dompurify";
import { Marked } from "marked";

const marked = new Marked({ gfm: true, async: false });

/**
 * Markdown as HTML that is safe to show: no scripts, no styles of its own, no pictures from elsewhere;
 * links open in a new page that knows nothing of this one.
 */
export function safeHtml(markdown: string): string {
  const purify = DOMPurify(window);
  purify.addHook("afterSanitizeAttributes", (node) => {
    if (node.tagName === "A") {
      node.setAttribute("target", "_blank");
      node.setAttribute("rel", "noopener noreferrer");
    }
    if (node.tagName === "IMG" && !(node.getAttribute("src") ?? "").startsWith("data:image/")) {
      node.replaceWith(`[${node.getAttribute("alt") ?? "image"}]`);
    }
  });
  return purify.sanitize(marked.parse(markdown) as string, {
    USE_PROFILES: { html: true },
    FORBID_TAGS: ["style", "form", "input", "button", "textarea", "select", "video", "audio", "source", "picture", "iframe"],
    FORBID_ATTR: ["style", "srcset", "id", "class", "name", "background", "poster"],
  });
}
