import { mediaTypeOfPath } from "../../types/index.js";

/** What a file is, by its extension. */
export type FileKind =
  | { readonly kind: "image"; readonly mediaType?: string }
  | { readonly kind: "audio"; readonly mediaType: string }
  | { readonly kind: "mesh"; readonly mediaType: string }
  | { readonly kind: "text"; readonly mediaType: string }
  | { readonly kind: "video" }
  | { readonly kind: "ply" }
  | { readonly kind: "rrd" };

/** Media types of the real importers that its archetypes do not know. */
const MORE_MEDIA_TYPES: Readonly<Record<string, string>> = {
  avif: "image/avif",
  bmp: "image/bmp",
  dae: "model/vnd.collada+xml",
  dds: "image/vnd-ms.dds",
  exr: "image/x-exr",
  ff: "application/octet-stream",
  gif: "image/gif",
  hdr: "image/vnd.radiance",
  ico: "image/x-icon",
  md: "text/markdown",
  pam: "image/x-portable-anymap",
  pbm: "image/x-portable-anymap",
  pgm: "image/x-portable-anymap",
  ppm: "image/x-portable-anymap",
  tga: "image/x-targa",
  tif: "image/tiff",
  tiff: "image/tiff",
  txt: "text/plain",
  webp: "image/webp",
};

/** Extensions as the real importers have them. */
const KINDS: Readonly<Record<string, FileKind>> = {
  ...kinds("image", "avif bmp dds exr ff gif hdr ico jpeg jpg pam pbm pgm png ppm tga tif tiff webp"),
  farbfeld: { kind: "image" },
  ...kinds("audio", "aac flac m4a mp3 oga ogg opus wav"),
  ...kinds("mesh", "dae glb gltf obj stl"),
  ...kinds("text", "md txt"),
  mp4: { kind: "video" },
  ply: { kind: "ply" },
  rbl: { kind: "rrd" },
  rrd: { kind: "rrd" },
};

function kinds<Kind extends "image" | "audio" | "mesh" | "text">(
  kind: Kind,
  extensions: string,
): Readonly<Record<string, { readonly kind: Kind; readonly mediaType: string }>> {
  const entries = extensions.split(" ").map((extension) => {
    const mediaType = MORE_MEDIA_TYPES[extension] ?? mediaTypeOfPath(`.${extension}`) ?? "";
    return [extension, { kind, mediaType }] as const;
  });
  return Object.fromEntries(entries);
}

/** What is read, for messages. */
export const KNOWN_FILES = "images, sound, mp4, meshes (dae, glb, gltf, obj, stl), ply, md, txt and recordings (rrd, rbl)";

/** What the file of that path is; `undefined` when nothing here reads it. */
export function fileKindOf(path: string): FileKind | undefined {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(KINDS, extension) ? KINDS[extension] : undefined;
}

/** What a file of that media type is (`image/png`, `text/markdown; charset=utf-8`); `undefined` when nothing here reads it. */
export function fileKindOfMediaType(mediaType: string): FileKind | undefined {
  const type = mediaType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  switch (type.slice(0, type.indexOf("/"))) {
    case "image":
      return { kind: "image", mediaType: type };
    case "audio":
      return { kind: "audio", mediaType: type };
    case "model":
      return { kind: "mesh", mediaType: type };
    default:
  }
  if (type === "text/plain" || type === "text/markdown") return { kind: "text", mediaType: type };
  if (type === "video/mp4") return { kind: "video" };
  return type === mediaTypeOfPath(".ply") ? { kind: "ply" } : undefined;
}
