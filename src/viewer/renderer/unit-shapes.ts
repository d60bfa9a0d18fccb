/** The unit shapes as triangles: positions, which are their own smooth normals' source, and normals. */

export interface UnitShape {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly indices: Uint16Array;
}

const AROUND = 28;
const RINGS = 14;

/** `box`: corners at ±1. `sphere`: radius 1. `cylinder`: radius 1, along z from -0.5 to 0.5. */
export function unitShape(shape: "box" | "sphere" | "cylinder"): UnitShape {
  if (shape === "box") return box();
  return shape === "sphere" ? sphere() : cylinder();
}

function box(): UnitShape {
  const positions: number[] = [];
  const normals: number[] = [];
  const indices: number[] = [];
  for (let axis = 0; axis < 3; axis++) {
    for (const sign of [-1, 1]) {
      const first = positions.length / 3;
      for (const [u, v] of [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ] as const) {
        const corner = [0, 0, 0];
        const normal = [0, 0, 0];
        corner[axis] = sign;
        normal[axis] = sign;
        corner[(axis + 1) % 3] = u * sign;
        corner[(axis + 2) % 3] = v;
        positions.push(...corner);
        normals.push(...normal);
      }
      indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
    }
  }
  return pack(positions, normals, indices);
}

function sphere(): UnitShape {
  const positions: number[] = [];
  const indices: number[] = [];
  for (let ring = 0; ring <= RINGS; ring++) {
    const polar = (Math.PI * ring) / RINGS;
    for (let i = 0; i <= AROUND; i++) {
      const angle = (2 * Math.PI * i) / AROUND;
      positions.push(Math.sin(polar) * Math.cos(angle), Math.sin(polar) * Math.sin(angle), Math.cos(polar));
      if (ring < RINGS && i < AROUND) addQuad(indices, ring * (AROUND + 1) + i, AROUND + 1);
    }
  }
  return pack(positions, positions, indices);
}

function cylinder(): UnitShape {
  const positions: number[] = [];
  const normals: number[] = [];
  const indices: number[] = [];
  for (const z of [0.5, -0.5]) {
    for (let i = 0; i <= AROUND; i++) {
      const angle = (2 * Math.PI * i) / AROUND;
      positions.push(Math.cos(angle), Math.sin(angle), z);
      normals.push(Math.cos(angle), Math.sin(angle), 0);
      if (z > 0 && i < AROUND) addQuad(indices, i, AROUND + 1);
    }
  }
  for (const z of [0.5, -0.5]) {
    const middle = positions.length / 3;
    positions.push(0, 0, z);
    normals.push(0, 0, Math.sign(z));
    for (let i = 0; i <= AROUND; i++) {
      const angle = (2 * Math.PI * i) / AROUND;
      positions.push(Math.cos(angle), Math.sin(angle), z);
      normals.push(0, 0, Math.sign(z));
      if (i < AROUND) indices.push(middle, middle + (z > 0 ? i + 1 : i + 2), middle + (z > 0 ? i + 2 : i + 1));
    }
  }
  return pack(positions, normals, indices);
}

/** Two triangles between vertex `first`, its neighbour, and the two in the next row. */
function addQuad(indices: number[], first: number, rowLength: number): void {
  indices.push(first, first + rowLength, first + 1, first + 1, first + rowLength, first + rowLength + 1);
}

function pack(positions: readonly number[], normals: readonly number[], indices: readonly number[]): UnitShape {
  return {
    positions: Float32Array.from(positions),
    normals: Float32Array.from(normals),
    indices: Uint16Array.from(indices),
  };
}
