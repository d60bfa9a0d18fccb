import { type ArrayData, type DataType, describe, type TypedArray } from "../../core/index.js";
import { checkShape, type Elements, type Encoder, elementsOf, isListLike, isNdArray, numbersEncoder } from "./numbers.js";
import { BadInput, refuse } from "./problem.js";

/** Strips of points: one strip (a list of points), a list of strips, or an array of shape [strips, points, width]. */
export function stripEncoder(type: DataType): Encoder {
  if (type.kind !== "list" || type.item.type.kind !== "fixedSizeList") throw new Error("strips are lists of points");
  const point = type.item.type;
  const elements = elementsOf(point.item.type) as Elements;
  const expected = `a strip (a list of points of ${point.size} numbers) or a list of strips`;
  const encodePoints = numbersEncoder(point.size, elements);

  const assemble = (strips: readonly ArrayLike<number>[]): ArrayData => {
    const offsets = new Int32Array(strips.length + 1);
    for (const [i, strip] of strips.entries()) offsets[i + 1] = (offsets[i] ?? 0) + strip.length / point.size;
    const count = offsets[strips.length] ?? 0;
    const values =
      strips.length === 1 && isExact(strips[0], elements)
        ? (strips[0] as unknown as TypedArray)
        : elements.allocate(count * point.size);
    if (values !== (strips[0] as unknown)) {
      for (const [i, strip] of strips.entries()) (values as Float32Array).set(strip, (offsets[i] ?? 0) * point.size);
    }
    const numbers: ArrayData = { type: point.item.type, length: values.length, nullCount: 0, values };
    const points: ArrayData = { type: point, length: count, nullCount: 0, children: [numbers] };
    return { type, length: strips.length, nullCount: 0, offsets, children: [points] };
  };

  return (value) => {
    if (isNdArray(value)) return assemble(stripsOfShape(value, point.size, expected));
    if (!isListLike(value)) return refuse(expected, value);
    if (value.length === 0) return [];
    if (typeof value[0] === "number") throw new BadInput(`expected ${expected}, got a flat list of ${value.length}`);
    if (isStrip(value, point.size)) return assemble([encodePoints(value) as ArrayLike<number>]);
    return assemble(
      Array.from(value, (strip, i) => {
        if (!isListLike(strip) && !isNdArray(strip))
          throw new BadInput(`expected ${expected}, got ${describe(strip)} at index ${i}`);
        return encodePoints(strip) as ArrayLike<number>;
      }),
    );
  };
}

function isExact(strip: unknown, elements: Elements): boolean {
  return (
    ArrayBuffer.isView(strip) && (strip as unknown as { [Symbol.toStringTag]: string })[Symbol.toStringTag] === elements.arrayName
  );
}

/** Whether a list holds points, not strips: plain lists of numbers, or typed arrays that are all of a point's length. */
function isStrip(list: ArrayLike<unknown>, width: number): boolean {
  if (Array.isArray(list[0])) return typeof list[0][0] === "number";
  return Array.from(list).every((item) => isListLike(item) && item.length === width);
}

function stripsOfShape(value: unknown, width: number, expected: string): readonly ArrayLike<number>[] {
  if (!isNdArray(value)) return refuse(expected, value);
  checkShape(value);
  const { shape } = value;
  const data = value.data as Float32Array;
  if ((shape.length !== 2 && shape.length !== 3) || shape.at(-1) !== width) {
    throw new BadInput(`expected ${expected}, got an array of shape [${shape.join(", ")}]`);
  }
  if (shape.length === 2) return [data];
  const length = (shape[1] ?? 0) * width;
  return Array.from({ length: shape[0] ?? 0 }, (_, i) =>
    Array.isArray(data) ? data.slice(i * length, (i + 1) * length) : data.subarray(i * length, (i + 1) * length),
  );
}
