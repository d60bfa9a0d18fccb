/** Wireframes of the unit shapes: segments as `n × 6` start and end coordinates. */

const CIRCLE_STEPS = 40;
const COARSE_STEPS = 16;
const known = new Map<string, Float32Array>();

/** The twelve edges of the box with corners at ±1. */
export function boxWire(): Float32Array {
  return once("box", () => {
    const out: number[] = [];
    for (const a of [-1, 1]) {
      for (const b of [-1, 1]) out.push(-1, a, b, 1, a, b, a, -1, b, a, 1, b, a, b, -1, a, b, 1);
    }
    return out;
  });
}

/** Three great circles of the unit sphere, in fewer steps when there are many of them. */
export function sphereWire(isFine: boolean): Float32Array {
  return once(`sphere${isFine}`, () => {
    const steps = isFine ? CIRCLE_STEPS : COARSE_STEPS;
    return [
      ...arc(steps, 0, 2, (c, s) => [c, s, 0]),
      ...arc(steps, 0, 2, (c, s) => [c, 0, s]),
      ...arc(steps, 0, 2, (c, s) => [0, c, s]),
    ];
  });
}

/** Both rims and four lines of the unit cylinder. */
export function cylinderWire(isFine: boolean): Float32Array {
  return once(`cylinder${isFine}`, () => {
    const steps = isFine ? CIRCLE_STEPS : COARSE_STEPS;
    const sides = [0, 1, 2, 3].flatMap((quarter) => {
      const [x, y] = [Math.cos((quarter * Math.PI) / 2), Math.sin((quarter * Math.PI) / 2)];
      return [x, y, -0.5, x, y, 0.5];
    });
    return [...arc(steps, 0, 2, (c, s) => [c, s, -0.5]), ...arc(steps, 0, 2, (c, s) => [c, s, 0.5]), ...sides];
  });
}

/** Two half circles of the unit sphere on the side `sign` of the plane z = 0. */
export function capWire(sign: 1 | -1): Float32Array {
  return once(`cap${sign}`, () => [
    ...arc(COARSE_STEPS, 0, 1, (c, s) => [c, 0, s * sign]),
    ...arc(COARSE_STEPS, 0, 1, (c, s) => [0, c, s * sign]),
  ]);
}

/** A polygon along an arc from `from` to `to`, in half turns. */
function arc(steps: number, from: number, to: number, at: (cos: number, sin: number) => readonly number[]): readonly number[] {
  const corner = (i: number): readonly number[] => {
    const angle = Math.PI * (from + ((to - from) * i) / steps);
    return at(Math.cos(angle), Math.sin(angle));
  };
  return Array.from({ length: steps }, (_, i) => [...corner(i), ...corner(i + 1)]).flat();
}

function once(name: string, make: () => readonly number[]): Float32Array {
  let wire = known.get(name);
  if (wire === undefined) {
    wire = Float32Array.from(make());
    known.set(name, wire);
  }
  return wire;
}
