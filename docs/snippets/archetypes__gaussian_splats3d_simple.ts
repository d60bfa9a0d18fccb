// Three Gaussian splats whose colour depends on where they are seen from.
import * as rr from "rerun-ts";

rr.init("rerun_example_gaussian_splats3d");

// Spherical harmonics: 15 coefficients for each splat, each of them red, green, blue.
const harmonics = (color: number[]) => Array.from({ length: 15 }, () => color);

rr.log(
  "gaussians",
  new rr.GaussianSplats3D(
    [
      [0, 0, 0],
      [2, 0, 0],
      [4, 0, 0],
    ],
    {
      scales: [
        [1, 0.5, 0.25],
        [0.5, 1, 0.5],
        [0.25, 0.5, 1],
      ],
      quaternions: [[0, 0, 0, 1], [0, 0, 0.382683, 0.92388], rr.Quaternion.identity()],
      colors: [
        [255, 0, 0, 128],
        [0, 255, 0, 200],
        [0, 0, 255, 255],
      ],
      shCoefficients: [harmonics([0.5, 0, 0]), harmonics([0, 0.5, 0]), harmonics([0, 0, 0.5])],
    },
  ),
);
