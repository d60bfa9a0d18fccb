import type { Marker } from "./time-series.js";

/** Adds one marker of that radius to the path. @returns whether it is filled (else stroked) */
export function traceMarker(path: Path2D, marker: Marker, x: number, y: number, radius: number): boolean {
  const polygon = (corners: readonly (readonly [number, number])[]): boolean => {
    corners.forEach(([dx, dy], i) => {
      if (i === 0) path.moveTo(x + dx * radius, y + dy * radius);
      else path.lineTo(x + dx * radius, y + dy * radius);
    });
    path.closePath();
    return true;
  };
  const line = (dx: number, dy: number): void => {
    path.moveTo(x - dx * radius, y - dy * radius);
    path.lineTo(x + dx * radius, y + dy * radius);
  };
  switch (marker) {
    case "circle":
      path.moveTo(x + radius, y);
      path.arc(x, y, radius, 0, 2 * Math.PI);
      return true;
    case "diamond":
      return polygon([
        [0, -1.2],
        [1.2, 0],
        [0, 1.2],
        [-1.2, 0],
      ]);
    case "square":
      return polygon([
        [-0.9, -0.9],
        [0.9, -0.9],
        [0.9, 0.9],
        [-0.9, 0.9],
      ]);
    case "up":
      return polygon([
        [0, -1.1],
        [1.1, 0.9],
        [-1.1, 0.9],
      ]);
    case "down":
      return polygon([
        [0, 1.1],
        [1.1, -0.9],
        [-1.1, -0.9],
      ]);
    case "left":
      return polygon([
        [-1.1, 0],
        [0.9, -1.1],
        [0.9, 1.1],
      ]);
    case "right":
      return polygon([
        [1.1, 0],
        [-0.9, -1.1],
        [-0.9, 1.1],
      ]);
    case "cross":
      line(0.8, 0.8);
      line(0.8, -0.8);
      return false;
    case "plus":
      line(1, 0);
      line(0, 1);
      return false;
    case "asterisk":
      line(1, 0);
      line(0.5, 0.87);
      line(0.5, -0.87);
      return false;
  }
}
