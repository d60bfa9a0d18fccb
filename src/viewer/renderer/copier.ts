/** Copies a texture onto the canvas, opaque. */
import {
  BufferAttribute,
  BufferGeometry,
  Camera,
  GLSL3,
  Mesh,
  NoBlending,
  RawShaderMaterial,
  Scene,
  Sphere,
  type Texture,
  type WebGLRenderer,
} from "three";

const VERTEX = `
in vec2 position;
out vec2 vUv;
void main() {
  vUv = position * 0.5 + 0.5;
  gl_Position = vec4(position, 0.0, 1.0);
}
`;

const FRAGMENT = `
precision highp float;
in vec2 vUv;
uniform sampler2D uTexture;
out vec4 outColor;
void main() { outColor = vec4(texture(uTexture, vUv).rgb, 1.0); }
`;

export class Copier {
  readonly #scene = new Scene();
  readonly #camera = new Camera();
  readonly #mesh: Mesh<BufferGeometry, RawShaderMaterial>;

  constructor() {
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(Float32Array.of(-1, -1, 3, -1, -1, 3), 2));
    geometry.boundingSphere = new Sphere();
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: { uTexture: { value: null } },
      depthTest: false,
      depthWrite: false,
      blending: NoBlending,
    });
    this.#mesh = new Mesh(geometry, material);
    this.#mesh.frustumCulled = false;
    this.#scene.add(this.#mesh);
  }

  /** Fills the renderer's viewport. */
  copy(renderer: WebGLRenderer, texture: Texture): void {
    this.#mesh.material.uniforms["uTexture"] = { value: texture };
    renderer.render(this.#scene, this.#camera);
  }

  dispose(): void {
    this.#mesh.geometry.dispose();
    this.#mesh.material.dispose();
  }
}
