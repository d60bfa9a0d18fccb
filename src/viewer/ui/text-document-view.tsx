import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { valueAt } from "../../core/index.js";
import type { ComponentCell } from "../state/view-query.js";
import { safeHtml } from "./markdown.js";
import type { ViewProps } from "./view-props.js";

/** A text, or markdown that is sanitized. */
export function TextDocumentView({ spec, query, noData, onStateLine, onFirstFrame }: ViewProps): JSX.Element {
  const entityPath = spec.entities[0] ?? spec.origin;
  const isVisible = query.isVisible(entityPath);
  const cell = query.latestAt(entityPath, "TextDocument:text");
  const text = useMemo(() => textOf(cell), [cell?.key]);
  const mediaType = textOf(query.latestAt(entityPath, "TextDocument:media_type"));
  const isMarkdown = mediaType === "text/markdown";
  const html = useMemo(() => (isMarkdown && text !== undefined ? safeHtml(text) : undefined), [text, isMarkdown]);
  useEffect(() => {
    if (text !== undefined) onFirstFrame();
  }, [text !== undefined]);
  const isEmpty = text === undefined || !isVisible;
  const state = isEmpty && !query.isPending ? noData : undefined;
  useEffect(() => onStateLine(state), [state]);
  if (isEmpty) return <div class="doc" />;
  if (html !== undefined) {
    // Sanitized by DOMPurify.
    return <div class="doc" dangerouslySetInnerHTML={{ __html: html }} />;
  }
  return <div class="doc plain">{text}</div>;
}

function textOf(cell: ComponentCell | undefined): string | undefined {
  if (cell === undefined || cell.end <= cell.start) return undefined;
  const value = valueAt(cell.values, cell.start);
  return typeof value === "string" ? value : undefined;
}
