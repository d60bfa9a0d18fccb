/** Scenes of known shapes for pixel probes. */
import {
  annotationContext,
  bytes,
  colors,
  enums,
  floats,
  ids,
  imageFormat,
  type LoggedEntities,
  mats,
  quaternions,
  strips2,
  strips3,
  texts,
  uvec3s,
  vec2s,
  vec3s,
} from "../../support/spatial-query.js";

const U8 = 6;
const U16 = 8;

/** Rows of points along a helix, coloured by height. */
function helix(count: number): LoggedEntities[string] {
  const positions = Array.from({ length: count }, (_, i) => {
    const u = (i / count) * Math.PI * 10;
    const r = 0.5 + (i / count) * 2.1 + ((i * 7919) % 97) / 970;
    return [Math.cos(u) * r, Math.sin(u) * r, (i / count) * 2.3 + ((i * 104729) % 89) / 890];
  });
  const hues = positions.map((_, i) => {
    const t = i / count;
    const channel = (k: number): number => Math.round(255 * Math.max(0, Math.min(1, Math.abs(((t * 4 + k) % 6) - 3) - 1)));
    return ((channel(0) << 24) | (channel(4) << 16) | (channel(2) << 8) | 255) >>> 0;
  });
  return { "Points3D:positions": vec3s(...positions), "Points3D:colors": colors(...hues), "Points3D:radii": floats(0.02) };
}

/** Half of the picture is red, the rest blue. */
function halves(width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) out.set(i % width < width / 2 ? [255, 0, 0] : [0, 0, 255], i * 3);
  return out;
}

function ramp(width: number, height: number): Uint8Array {
  const values = Uint16Array.from({ length: width * height }, (_, i) => 1000 + Math.round(((i % width) / width) * 1000));
  return new Uint8Array(values.buffer);
}

function wave(size: number): LoggedEntities[string] {
  const positions: number[][] = [];
  const triangles: number[][] = [];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [u, v] = [(x / (size - 1)) * 4 - 2, (y / (size - 1)) * 4 - 2];
      positions.push([u, v, 0.5 * Math.cos(u * 2.2) * Math.cos(v * 2.2)]);
      const i = y * size + x;
      if (x + 1 < size && y + 1 < size) triangles.push([i, i + 1, i + size], [i + 1, i + size + 1, i + size]);
    }
  }
  return { "Mesh3D:vertex_positions": vec3s(...positions), "Mesh3D:triangle_indices": uvec3s(...triangles) };
}

export const SCENES: Readonly<Record<string, LoggedEntities>> = {
  showcase: {
    "/world/points": helix(9000),
    "/world/lift": {
      "Boxes3D:half_sizes": vec3s([0.4, 0.4, 0.45]),
      "Boxes3D:centers": vec3s([1.8, -1.5, 0.45]),
      "Boxes3D:colors": colors(0x1a66d6ff),
      "Boxes3D:labels": texts("lift"),
    },
    "/world/crate": {
      "Boxes3D:half_sizes": vec3s([0.5, 0.3, 0.3]),
      "Boxes3D:centers": vec3s([-2.2, 1, 0.3]),
      "Boxes3D:colors": colors(0xc2502bff),
      "Boxes3D:fill_mode": enums(1),
    },
    "/world/axes": { "TransformAxes3D:axis_length": floats(0.8) },
    "/world/cam": {
      "Transform3D:translation": vec3s([-3, -2.5, 1.5]),
      "Transform3D:quaternion": quaternions([-0.6, 0.25, -0.25, 0.7]),
    },
    "/world/cam/image": {
      "Pinhole:image_from_camera": mats([64, 0, 0, 0, 64, 0, 32, 24, 1]),
      "Pinhole:resolution": vec2s([64, 48]),
      "Pinhole:image_plane_distance": floats(1),
      "Image:buffer": bytes(halves(64, 48)),
      "Image:format": imageFormat(64, 48, { colorModel: 2, datatype: U8 }),
    },
  },
  shapes: {
    "/mesh": wave(40),
    "/solid": {
      "Boxes3D:half_sizes": vec3s([0.5, 0.5, 0.5], [0.3, 0.3, 0.8]),
      "Boxes3D:centers": vec3s([3.5, 0, 0.5], [3.5, 1.8, 0.8]),
      "Boxes3D:colors": colors(0xe03131ff, 0x2f9e44ff),
      "Boxes3D:fill_mode": enums(3),
    },
    "/ellipsoids": {
      "Ellipsoids3D:half_sizes": vec3s([0.6, 0.4, 0.8]),
      "Ellipsoids3D:centers": vec3s([-3.2, 0, 0.8]),
      "Ellipsoids3D:colors": colors(0x7048e8ff),
    },
    "/capsules": {
      "Capsules3D:lengths": floats(1, 1.5),
      "Capsules3D:radii": floats(0.3, 0.2),
      "Capsules3D:translations": vec3s([-3.2, 2, 0.3], [-3.2, -2, 0.2]),
      "Capsules3D:colors": colors(0xf59f00ff, 0x1098adff),
    },
    "/arrows": {
      "Arrows3D:vectors": vec3s([0, 0, 1.5], [1, 0, 1], [0, 1, 1]),
      "Arrows3D:origins": vec3s([0, 0, 0.7]),
      "Arrows3D:colors": colors(0x1a66d6ff),
      "Arrows3D:radii": floats(0.03),
    },
    "/strip": {
      "LineStrips3D:strips": strips3([
        [-2, 3, 0],
        [-1, 3, 1],
        [0, 3, 0],
        [1, 3, 1],
        [2, 3, 0],
      ]),
      "LineStrips3D:colors": colors(0xd6336cff),
      "LineStrips3D:radii": floats(0.05),
    },
    "/balls": {
      "Points3D:positions": vec3s([1.5, -3, 0.4], [2.5, -3, 0.4], [3.5, -3, 0.4]),
      "Points3D:radii": floats(0.4, 0.3, 0.2),
      "Points3D:colors": colors(0x20c997ff, 0xff922bff, 0x845ef7ff),
    },
  },
  /** A red cube of side 2 at the origin, a green ball on the right, a blue line strip above. */
  probe: {
    "/cube": {
      "Boxes3D:half_sizes": vec3s([1, 1, 1]),
      "Boxes3D:colors": colors(0xff0000ff),
      "Boxes3D:fill_mode": enums(3),
    },
    "/ball": {
      "Points3D:positions": vec3s([0, 0, 0], [4, 0, 0]),
      "Points3D:radii": floats(0, 1),
      "Points3D:colors": colors(0x000000ff, 0x00ff00ff),
    },
    "/strip": {
      "LineStrips3D:strips": strips3([
        [-4, 0, 3],
        [4, 0, 3],
      ]),
      "LineStrips3D:colors": colors(0x0000ffff),
      "LineStrips3D:radii": floats(0.2),
    },
  },
  picture: {
    "/cam": {
      "Image:buffer": bytes(halves(64, 48)),
      "Image:format": imageFormat(64, 48, { colorModel: 2, datatype: U8 }),
      "AnnotationContext:context": annotationContext({ id: 1, label: "chair", color: 0xffd54aff }),
    },
    "/cam/box": {
      "Boxes2D:half_sizes": vec2s([10, 12]),
      "Boxes2D:centers": vec2s([28, 24]),
      "Boxes2D:class_ids": ids(1),
      "Boxes2D:radii": floats(0.75),
    },
    "/cam/points": {
      "Points2D:positions": vec2s([50, 10], [55, 40]),
      "Points2D:radii": floats(3, 2),
      "Points2D:colors": colors(0x00ff00ff, 0xffffffff),
    },
    "/cam/strip": {
      "LineStrips2D:strips": strips2([
        [4, 44],
        [20, 40],
        [36, 44],
      ]),
      "LineStrips2D:colors": colors(0xffffffff),
    },
  },
  depth: {
    "/cam": {
      "DepthImage:buffer": bytes(ramp(32, 24)),
      "DepthImage:format": imageFormat(32, 24, { datatype: U16 }),
      "Pinhole:image_from_camera": mats([32, 0, 0, 0, 32, 0, 16, 12, 1]),
      "Pinhole:resolution": vec2s([32, 24]),
    },
  },
};
