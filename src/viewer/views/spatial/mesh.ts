/** `Mesh3D` as draw data. */
import { boundsOfPositions } from "./bounds.js";
import { readBytes, readFloats, readNumber, readUint32 } from "./cells.js";
import { type Draft, type EntityContext, NO_DRAFT, readCells } from "./draft.js";
import { imageBytes, readImageFormat } from "./image-format.js";
import { imageToRgba } from "./image-pixels.js";
import type { MeshGeometry, Pixels } from "./scene.js";

const COMPONENTS = [
  "vertex_positions",
  "triangle_indices",
  "vertex_normals",
  "vertex_colors",
  "vertex_texcoords",
  "albedo_factor",
  "albedo_texture_buffer",
  "albedo_texture_format",
  "face_rendering",
  "class_ids",
] as const;
const FRONT = 2;
const BACK = 3;
const WHITE = 0xffffffff;

/** The entity's mesh. Triangles that name vertices which do not exist are left out. */
export function draftMesh(context: EntityContext): Draft {
  const { cells, key } = readCells(context, "Mesh3D", COMPONENTS);
  if (cells.vertex_positions === undefined) return NO_DRAFT;
  return context.cache.get(key, () => {
    const logged = readFloats(cells.vertex_positions, 3);
    const numVertices = Math.floor(logged.length / 3);
    const positions = logged.every(Number.isFinite) ? logged : logged.map((value) => (Number.isFinite(value) ? value : 0));
    const indices = cells.triangle_indices && wholeTriangles(readUint32(cells.triangle_indices, 3), logged);
    const colors = vertexColors(context, cells, numVertices);
    const texcoords = readFloats(cells.vertex_texcoords, 2);
    const texture = texcoords.length === numVertices * 2 ? readTexture(cells) : undefined;
    const normals = readFloats(cells.vertex_normals, 3);
    const faces = readNumber(cells.face_rendering);
    const albedo = readUint32(cells.albedo_factor)[0];
    const geometry: MeshGeometry = {
      kind: "mesh",
      count: 1,
      positions,
      normals: normals.length === numVertices * 3 ? normals : computeNormals(positions, indices),
      albedo: albedo ?? WHITE,
      faces: faces === FRONT ? "front" : faces === BACK ? "back" : "double",
      bounds: boundsOfPositions(positions),
      ...(colors === undefined ? {} : { colors }),
      ...(indices === undefined ? {} : { indices }),
      ...(texture === undefined ? {} : { texture, texcoords }),
    };
    const isEmpty = numVertices < 3 || indices?.length === 0;
    return { geometries: isEmpty ? [] : [geometry], labels: [], shown: 1, total: 1 };
  });
}

/**
 * A unit normal per vertex: the mean of its triangles' normals, larger triangles counting more. Vertices without a triangle get 0.
 * Without indices every triangle has its own vertices and is flat.
 */
export function computeNormals(positions: Float32Array, indices: Uint32Array | undefined): Float32Array {
  const normals = new Float32Array(positions.length);
  const numCorners = indices === undefined ? Math.floor(positions.length / 9) * 3 : indices.length;
  const p = (corner: number, axis: number): number => positions[corner * 3 + axis] as number;
  for (let i = 0; i < numCorners; i += 3) {
    const a = indices === undefined ? i : (indices[i] as number);
    const b = indices === undefined ? i + 1 : (indices[i + 1] as number);
    const c = indices === undefined ? i + 2 : (indices[i + 2] as number);
    const [ux, uy, uz] = [p(b, 0) - p(a, 0), p(b, 1) - p(a, 1), p(b, 2) - p(a, 2)];
    const [vx, vy, vz] = [p(c, 0) - p(a, 0), p(c, 1) - p(a, 1), p(c, 2) - p(a, 2)];
    const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    for (const corner of [a, b, c]) {
      normals[corner * 3] = (normals[corner * 3] as number) + x;
      normals[corner * 3 + 1] = (normals[corner * 3 + 1] as number) + y;
      normals[corner * 3 + 2] = (normals[corner * 3 + 2] as number) + z;
    }
  }
  for (let i = 0; i < normals.length; i += 3) {
    const length = Math.hypot(normals[i] as number, normals[i + 1] as number, normals[i + 2] as number);
    if (!(length > 0)) continue;
    for (let axis = i; axis < i + 3; axis++) normals[axis] = (normals[axis] as number) / length;
  }
  return normals;
}

/** Without triangles that name vertices which do not exist or lie nowhere. */
function wholeTriangles(indices: Uint32Array, positions: Float32Array): Uint32Array {
  const isPlaced = (vertex: number): boolean => {
    const sum = (positions[vertex * 3] ?? NaN) + (positions[vertex * 3 + 1] ?? NaN) + (positions[vertex * 3 + 2] ?? NaN);
    return sum - sum === 0;
  };
  let isWhole = indices.length % 3 === 0;
  for (let i = 0; i < indices.length && isWhole; i++) isWhole = isPlaced(indices[i] as number);
  if (isWhole) return indices;
  const kept: number[] = [];
  for (let i = 0; i + 2 < indices.length; i += 3) {
    const triangle = [indices[i] as number, indices[i + 1] as number, indices[i + 2] as number];
    if (triangle.every(isPlaced)) kept.push(...triangle);
  }
  return Uint32Array.from(kept);
}

type MeshCells = ReturnType<typeof readCells<typeof COMPONENTS>>["cells"];

function vertexColors(context: EntityContext, cells: MeshCells, numVertices: number): Uint32Array | undefined {
  const logged = readUint32(cells.vertex_colors);
  const classIds = logged.length > 0 ? new Uint32Array(0) : readUint32(cells.class_ids);
  const source = classIds.length > 0 ? Uint32Array.from(classIds, (id) => context.annotations.color(id)) : logged;
  if (source.length === 0) return undefined;
  if (source.length >= numVertices) return source.subarray(0, numVertices);
  const out = new Uint32Array(numVertices).fill(source[source.length - 1] as number);
  out.set(source);
  return out;
}

function readTexture(cells: MeshCells): Pixels | undefined {
  const bytes = readBytes(cells.albedo_texture_buffer);
  const format = readImageFormat(cells.albedo_texture_format);
  if (bytes === undefined || typeof format === "string" || bytes.length < imageBytes(format)) return undefined;
  return { kind: "rgba", width: format.width, height: format.height, data: imageToRgba(bytes, format) };
}
