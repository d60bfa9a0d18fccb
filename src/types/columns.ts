import type { ComponentColumn, ComponentData, ComponentLayout } from "./component-batch.js";
import { countInstances } from "./encode/instances.js";
import { reportProblem } from "./encode/problem.js";

/** Components over many rows, for `sendColumns`. Iterates its columns. */
export class ComponentColumnList implements Iterable<ComponentColumn> {
  readonly columns: readonly ComponentColumn[];

  constructor(columns: readonly ComponentColumn[]) {
    this.columns = columns;
  }

  [Symbol.iterator](): Iterator<ComponentColumn> {
    return this.columns[Symbol.iterator]();
  }

  /**
   * The same instances, `lengths[row]` of them in each row, in every column.
   * A column with another number of instances is left out with a warning (an error in strict mode).
   *
   * @throws RerunError `InvalidArgument` in strict mode
   */
  partition(lengths: readonly number[] | Uint32Array): ComponentColumnList {
    let total = 0;
    for (const length of lengths) {
      if (!Number.isInteger(length) || length < 0) {
        reportProblem("partition", `expected lengths of whole numbers, 0 or more, got ${length}`);
        return new ComponentColumnList([]);
      }
      total += length;
    }
    const fitting = this.columns.filter(({ layout, data }) => {
      const count = countInstances(layout.type, data);
      if (count === total) return true;
      const name = layout.descriptor.component;
      reportProblem(
        name,
        `expected ${total} instances for partition lengths that add up to ${total}, got ${count}. The column is left out`,
      );
      return false;
    });
    return new ComponentColumnList(fitting.map(({ layout, data }) => ({ layout, data, lengths })));
  }
}

/** A column with one instance in each row. */
export function columnOf(
  layout: ComponentLayout,
  data: ComponentData,
  lengths?: readonly number[] | Uint32Array,
): ComponentColumn {
  return lengths === undefined ? { layout, data } : { layout, data, lengths };
}
