import { formatEntityPath, isRerunError, normalizeEntityPath, RerunError, type WarningReporter } from "../../core/index.js";
import {
  type AsComponents,
  Asset3D,
  AssetAudio,
  AssetVideo,
  type ComponentColumn,
  countInstances,
  EncodedImage,
  TextDocument,
  VideoFrameReference,
  videoFrameTimes,
} from "../../types/index.js";
import { TimeColumn } from "../time-column.js";
import type { FileKind } from "./file-kinds.js";
import { archetypeOfPly } from "./ply.js";

/** What `sendColumns` takes, for one entity. */
export interface ImportedColumns {
  readonly times: readonly TimeColumn[];
  readonly columns: readonly ComponentColumn[];
}

/**
 * What the bytes of a file are logged as: one static row, but a video or sound begins at 0 on a timeline of its own.
 *
 * @throws RerunError `CorruptFile` when they are not what the extension says
 */
export function importedColumns(
  kind: Exclude<FileKind, { kind: "rrd" }>,
  bytes: Uint8Array,
  warn: WarningReporter,
): readonly ImportedColumns[] {
  switch (kind.kind) {
    case "image":
      return [
        oneRow(
          kind.mediaType === undefined
            ? EncodedImage.fromFields({ blob: bytes })
            : new EncodedImage({ contents: bytes, mediaType: kind.mediaType }),
        ),
      ];
    case "mesh":
      return [oneRow(new Asset3D({ contents: bytes, mediaType: kind.mediaType }))];
    case "text":
      return [oneRow(new TextDocument(textOf(bytes), { mediaType: kind.mediaType }))];
    case "ply":
      return [oneRow(archetypeOfPly(bytes, warn))];
    case "audio":
      return [oneRow(new AssetAudio({ contents: bytes, mediaType: kind.mediaType }), "audio")];
    case "video":
      return [oneRow(new AssetVideo({ contents: bytes }), "video"), ...frameReferences(bytes, warn)];
  }
}

/** One row of all components; static, or at 0 on `timeline`. */
function oneRow({ layouts, data }: AsComponents, timeline?: string): ImportedColumns {
  const columns = layouts.flatMap((layout, i): ComponentColumn[] => {
    const value = data[i];
    return value === undefined ? [] : [{ layout, data: value, lengths: [countInstances(layout.type, value)] }];
  });
  return { times: timeline === undefined ? [] : [new TimeColumn(timeline, { durationNanos: [0n] })], columns };
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new RerunError("CorruptFile", "the text is not UTF-8", { cause });
  }
}

/** A reference to each frame at its time. A video whose frames cannot be read is shown nevertheless. */
function frameReferences(bytes: Uint8Array, warn: WarningReporter): readonly ImportedColumns[] {
  try {
    const times = videoFrameTimes(bytes);
    const columns = VideoFrameReference.columns({ timestamp: times }).columns;
    return [{ times: [new TimeColumn("video", { durationNanos: times })], columns }];
  } catch (error) {
    if (!isRerunError(error)) throw error;
    warn({ code: error.code, message: error.message });
    return [];
  }
}

/**
 * The entity that a file is logged at: its path, part by part.
 *
 * @param prefix an entity path
 */
export function entityPathOfFile(filePath: string, prefix: string | undefined, warn: WarningReporter): string {
  const parts: string[] = [];
  for (const part of filePath.replace(/^[A-Za-z]:(?=[\\/])/, "").split(process.platform === "win32" ? /[\\/]/ : "/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const path = formatEntityPath(parts);
  if (prefix === undefined) return path;
  const above = normalizeEntityPath(prefix, warn);
  return above === "/" ? path : `${above}${path}`;
}
