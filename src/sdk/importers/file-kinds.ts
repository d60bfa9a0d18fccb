/** What a file is, by its extension. */
export type FileKind =
  | { readonly kind: "image"; readonly mediaType?: string }
  | { readonly kind: "audio"; readonly mediaType: string }
  | { readonly kind: "mesh"; readonly mediaType: string }
  | { readonly kind: "text"; readonly mediaType: string }
  | { readonly kind: "video" }
  | { readonly kind: "ply" }
  | { readonly kind: "rrd" };

/** Extensions and media types as the real importers have them. */
const KINDS: Readonly<Record<string, FileKind>> = {
  ...kinds("image", {
    avif: "image/avif",
    bmp: "image/bmp",
    dds: "image/vnd-ms.dds",
    exr: "image/x-exr",
    ff: "application/octet-stream",
    gif: "image/gif",
    hdr: "image/vnd.radiance",
    ico: "image/x-icon",
    jpeg: "image/jpeg",
    jpg: "image/jpeg",
    pam: "image/x-portable-anymap",
    pbm: "image/x-portable-anymap",
    pgm: "image/x-portable-anymap",
    png: "image/png",
    ppm: "image/x-portable-anymap",
    tga: "image/x-targa",
    tif: "image/tiff",
    tiff: "image/tiff",
    webp: "image/webp",
  }),
  farbfeld: { kind: "image" },
  ...kinds("audio", {
    aac: "audio/aac",
    flac: "audio/flac",
    m4a: "audio/mp4",
    mp3: "audio/mpeg",
    oga: "audio/ogg",
    ogg: "audio/ogg",
    opus: "audio/ogg",
    wav: "audio/wav",
  }),
  ...kinds("mesh", {
    dae: "model/vnd.collada+xml",
    glb: "model/gltf-binary",
    gltf: "model/gltf+json",
    obj: "model/obj",
    stl: "model/stl",
  }),
  ...kinds("text", { md: "text/markdown", txt: "text/plain" }),
  mp4: { kind: "video" },
  ply: { kind: "ply" },
  rbl: { kind: "rrd" },
  rrd: { kind: "rrd" },
};

function kinds<Kind extends "image" | "audio" | "mesh" | "text">(
  kind: Kind,
  mediaTypes: Readonly<Record<string, string>>,
): Readonly<Record<string, { readonly kind: Kind; readonly mediaType: string }>> {
  return Object.fromEntries(Object.entries(mediaTypes).map(([extension, mediaType]) => [extension, { kind, mediaType }]));
}

/** What is read, for messages. */
export const KNOWN_FILES = "images, sound, mp4, meshes (dae, glb, gltf, obj, stl), ply, md, txt and recordings (rrd, rbl)";

/** What the file of that path is; `undefined` when nothing here reads it. */
export function fileKindOf(path: string): FileKind | undefined {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(KINDS, extension) ? KINDS[extension] : undefined;
}
