/** Columns whose values stand apart, each once: the column has their numbers. */
import { type ArrayData, type DataType, isValidAt, RerunError } from "../../core/index.js";
import { arraySizeBytes, nullArray } from "../array-layout.js";
import { takeArray } from "../array-ops.js";
import { countUnsetBits } from "../bits.js";
import { BatchReader } from "./batch-decode.js";
import { MAX_EXPANDED_BYTES, tooLarge } from "./expanded-size.js";
import type { IpcMessage } from "./message.js";
import { NotDirect, type WireField } from "./schema-decode.js";

/** The values of a dictionary's message, put among `dictionaries` by its number. @throws NotDirect for one that adds to another */
export function readDictionaryBatch(
  { reader, header, body }: IpcMessage,
  fields: readonly WireField[],
  dictionaries: Map<number, ArrayData>,
): void {
  const [idAt, deltaAt] = [reader.slot(header, 0, 8), reader.slot(header, 2, 1)];
  const id = idAt === 0 ? 0 : reader.i64(idAt);
  if ((deltaAt !== 0 && reader.u8(deltaAt) !== 0) || dictionaries.has(id)) throw new NotDirect("a dictionary in several parts");
  const field = fields.find(({ dictionary }) => dictionary?.id === id);
  if (field !== undefined) dictionaries.set(id, new BatchReader(reader, reader.tableIn(header, 1), body).read(field));
}

/**
 * The column with each element as its value.
 *
 * @param values absent = none; the numbers must be null then
 * @throws RerunError `InvalidData` for a number that no value has, `LimitExceeded`
 */
export function expandDictionary(type: DataType, numbers: ArrayData, values: ArrayData = nullArray(type, 0)): ArrayData {
  const sizes = new Float64Array(values.length).fill(-1);
  const indices = new Int32Array(numbers.length);
  let total = 0;
  for (let i = 0; i < numbers.length; i++) {
    if (!isValidAt(numbers, i)) continue;
    const index = Number(numbers.values?.[i]);
    if (!(index >= 0 && index < values.length)) {
      throw new RerunError("InvalidData", `Entry ${index} of a dictionary of ${values.length}`);
    }
    if (sizes[index] === -1) sizes[index] = arraySizeBytes(values, index, 1);
    total += sizes[index] ?? 0;
    if (total > MAX_EXPANDED_BYTES) throw tooLarge(total);
    indices[i] = index;
  }
  if (values.length === 0) return nullArray(type, numbers.length);
  const taken = takeArray(values, indices);
  return numbers.validity === undefined ? taken : withNulls(taken, numbers.validity);
}

/** The array with those elements null that are null in it or in `validity`. */
function withNulls(array: ArrayData, validity: Uint8Array): ArrayData {
  const bits = validity.slice(0, (array.length + 7) >> 3);
  const own = array.validity;
  if (own !== undefined) for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] as number) & (own[i] as number);
  return { ...array, nullCount: countUnsetBits(bits, 0, array.length), validity: bits };
}
