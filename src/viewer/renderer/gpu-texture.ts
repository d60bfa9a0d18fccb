/** Pictures as textures. */
import {
  ClampToEdgeWrapping,
  DataTexture,
  LinearFilter,
  LinearMipmapLinearFilter,
  NearestFilter,
  RGBAFormat,
  Texture,
  UnsignedByteType,
} from "three";
import type { Pixels } from "../views/spatial/index.js";

/** Pictures with more pixels get no smaller copies: making them takes longer than drawing. */
const MAX_MIPMAP_PIXELS = 4_000_000;

/** A texture whose first row is the picture's first row. */
export function createTexture(pixels: Pixels, filter: "nearest" | "linear"): Texture {
  const texture =
    pixels.kind === "rgba"
      ? new DataTexture(pixels.data, pixels.width, pixels.height, RGBAFormat, UnsignedByteType)
      : new Texture(pixels.bitmap);
  texture.flipY = false;
  texture.wrapS = ClampToEdgeWrapping;
  texture.wrapT = ClampToEdgeWrapping;
  texture.magFilter = filter === "nearest" ? NearestFilter : LinearFilter;
  texture.generateMipmaps = pixels.width * pixels.height <= MAX_MIPMAP_PIXELS;
  texture.minFilter = texture.generateMipmaps ? LinearMipmapLinearFilter : LinearFilter;
  texture.needsUpdate = true;
  return texture;
}
