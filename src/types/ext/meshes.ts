import { describe } from "../../core/index.js";
import { BadInput, reportProblem } from "../encode/problem.js";
import { shapedFrom } from "../encode/tensors.js";
import type { Mesh3DFields } from "../gen/fields.js";
import { type ImageLike, pixelsOf } from "./images.js";

/** Options of `Mesh3D`. */
export interface Mesh3DOptions extends Mesh3DFields {
  /** Texture multiplied onto the surface: `[height, width, 3 or 4]`. */
  readonly albedoTexture?: ImageLike | undefined;
}

/** Buffer and format of the texture. */
export function mesh3DFields({ albedoTexture, ...fields }: Mesh3DOptions): Mesh3DFields {
  if (albedoTexture === undefined) return fields;
  const place = "Mesh3D.albedoTexture";
  try {
    const shaped = shapedFrom(albedoTexture);
    const [height, width, channels] = shaped.shape;
    if (shaped.shape.length !== 3 || (channels !== 3 && channels !== 4)) {
      throw new BadInput(`expected shape [height, width, 3 or 4], got [${shaped.shape.join(", ")}]`);
    }
    const { bytes, channelDatatype } = pixelsOf(shaped, place);
    const colorModel = channels === 3 ? "RGB" : "RGBA";
    const albedoTextureFormat = { width: width ?? 0, height: height ?? 0, colorModel, channelDatatype } as const;
    return { ...fields, albedoTextureBuffer: bytes, albedoTextureFormat };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    reportProblem(place, `${error.message}. The texture is left out (got ${describe(albedoTexture)})`);
    return fields;
  }
}
