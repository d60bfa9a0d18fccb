/** What is behind the data: a background that runs from one colour to another, and a grid on the ground that fades out. */
import {
  BufferAttribute,
  BufferGeometry,
  CustomBlending,
  DoubleSide,
  GLSL3,
  type IUniform,
  LineSegments,
  Matrix4,
  Mesh,
  NoBlending,
  OneFactor,
  OneMinusSrcAlphaFactor,
  RawShaderMaterial,
  Sphere,
  SrcAlphaFactor,
  Vector3,
} from "three";
import type { OrbitCamera, Vec3 } from "../views/spatial/index.js";
import type { Look } from "./look.js";

const GRID_LINES = 40;
const GRID_PARTS = 20;

const BACKGROUND_VERTEX = `
in vec2 position;
out float vHeight;
void main() {
  vHeight = position.y * 0.5 + 0.5;
  gl_Position = vec4(position, 0.0, 1.0);
}
`;

const BACKGROUND_FRAGMENT = `
precision highp float;
in float vHeight;
uniform vec3 uTop;
uniform vec3 uBottom;
out vec4 outColor;
void main() { outColor = vec4(mix(uBottom, uTop, vHeight), 1.0); }
`;

const GRID_VERTEX = `
in vec2 position;
uniform mat4 modelViewMatrix;
uniform mat4 projectionMatrix;
uniform vec2 uMiddle;
uniform float uReach;
out float vFade;
void main() {
  vFade = 1.0 - smoothstep(0.2, 1.0, length(position - uMiddle) / uReach);
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 0.0, 1.0);
}
`;

const GRID_FRAGMENT = `
precision highp float;
in float vFade;
uniform vec3 uColor;
uniform float uStrength;
out vec4 outColor;
void main() { outColor = vec4(uColor, vFade * uStrength); }
`;

export class Backdrop {
  readonly objects: readonly (Mesh | LineSegments)[];
  readonly #background: Mesh<BufferGeometry, RawShaderMaterial>;
  readonly #grids: readonly LineSegments<BufferGeometry, RawShaderMaterial>[];
  readonly #lines: BufferGeometry;

  constructor(dimensions: 2 | 3) {
    const triangle = new BufferGeometry();
    triangle.setAttribute("position", new BufferAttribute(Float32Array.of(-1, -1, 3, -1, -1, 3), 2));
    const uniforms = { uTop: { value: new Vector3() }, uBottom: { value: new Vector3() } };
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: BACKGROUND_VERTEX,
      fragmentShader: BACKGROUND_FRAGMENT,
      uniforms,
      depthTest: false,
      depthWrite: false,
      blending: NoBlending,
      side: DoubleSide,
    });
    this.#background = new Mesh(triangle, material);
    this.#background.renderOrder = -1e9;
    this.#lines = gridLines();
    this.#grids = dimensions === 2 ? [] : [0, 1].map(() => new LineSegments(this.#lines, gridMaterial()));
    this.objects = [this.#background, ...this.#grids];
    for (const object of this.objects) {
      object.frustumCulled = false;
      object.matrixAutoUpdate = false;
      object.matrixWorldAutoUpdate = false;
      object.geometry.boundingSphere = new Sphere();
    }
  }

  setLook(look: Look, dimensions: 2 | 3): void {
    const [top, bottom] = dimensions === 3 ? look.space : [look.flat, look.flat];
    uniform<Vector3>(this.#background, "uTop").set(...top);
    uniform<Vector3>(this.#background, "uBottom").set(...bottom);
    for (const grid of this.#grids) uniform<Vector3>(grid, "uColor").set(...look.grid);
  }

  /** Lays the grid under what the camera looks at: lines at two powers of ten, the finer ones fading as one goes away. */
  placeGrid(camera: OrbitCamera, up: Vec3): void {
    const scale = Math.log10(Math.max(camera.distance, 1e-6) / 8);
    const [u, v] = groundAxes(up);
    for (const [i, grid] of this.#grids.entries()) {
      const step = 10 ** (Math.floor(scale) + i);
      const along = (axis: Vec3): number =>
        (camera.target[0] * axis[0] + camera.target[1] * axis[1] + camera.target[2] * axis[2]) / step;
      const [x, y] = [along(u), along(v)];
      const [snapX, snapY] = [Math.round(x), Math.round(y)];
      uniform<{ set(x: number, y: number): void }>(grid, "uMiddle").set(x - snapX, y - snapY);
      grid.material.uniforms["uStrength"] = { value: i === 0 ? 0.6 * (1 - (scale - Math.floor(scale))) : 0.6 };
      grid.material.uniforms["uReach"] = { value: Math.min(GRID_LINES, (1.6 * camera.distance) / step) };
      const basis = new Matrix4().makeBasis(
        new Vector3(...u).multiplyScalar(step),
        new Vector3(...v).multiplyScalar(step),
        new Vector3(...up),
      );
      const middle = new Vector3(...u).multiplyScalar(snapX * step).addScaledVector(new Vector3(...v), snapY * step);
      grid.matrixWorld.copy(basis.setPosition(middle));
    }
  }

  dispose(): void {
    this.#background.geometry.dispose();
    this.#background.material.dispose();
    this.#lines.dispose();
    for (const grid of this.#grids) grid.material.dispose();
  }
}

function gridMaterial(): RawShaderMaterial {
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: GRID_VERTEX,
    fragmentShader: GRID_FRAGMENT,
    uniforms: {
      uColor: { value: new Vector3() },
      uStrength: { value: 1 },
      uReach: { value: 1 },
      uMiddle: { value: new Vector3() },
    },
    depthTest: true,
    depthWrite: false,
    transparent: true,
    blending: CustomBlending,
    blendSrc: SrcAlphaFactor,
    blendDst: OneMinusSrcAlphaFactor,
    blendSrcAlpha: OneFactor,
    blendDstAlpha: OneMinusSrcAlphaFactor,
  });
}

/** Lines one unit apart in the plane, cut into parts so that each can fade along its way. */
function gridLines(): BufferGeometry {
  const points: number[] = [];
  for (let line = -GRID_LINES; line <= GRID_LINES; line++) {
    for (let part = -GRID_PARTS; part < GRID_PARTS; part++) {
      const [from, to] = [(part * GRID_LINES) / GRID_PARTS, ((part + 1) * GRID_LINES) / GRID_PARTS];
      if (Math.hypot(line, Math.min(Math.abs(from), Math.abs(to))) > GRID_LINES) continue;
      points.push(line, from, line, to, from, line, to, line);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(Float32Array.from(points), 2));
  return geometry;
}

function groundAxes(up: Vec3): readonly [Vec3, Vec3] {
  const normal = new Vector3(...up);
  const u = new Vector3(Math.abs(up[0]) < 0.9 ? 1 : 0, Math.abs(up[0]) < 0.9 ? 0 : 1, 0);
  u.addScaledVector(normal, -u.dot(normal)).normalize();
  const v = new Vector3().crossVectors(normal, u);
  return [
    [u.x, u.y, u.z],
    [v.x, v.y, v.z],
  ];
}

function uniform<T>(object: { readonly material: RawShaderMaterial }, name: string): T {
  return (object.material.uniforms[name] as IUniform<T>).value;
}
