import { type Chunk, ChunkBuilder, type ColumnBuilder } from "../chunk/index.js";
import {
  type Clock,
  compareDescriptors,
  dataTypeKey,
  RerunError,
  sameDataType,
  type Timeline,
  type TuidSource,
  type WarningReporter,
} from "../core/index.js";
import type { AsComponents, ComponentData, ComponentLayout } from "../types/index.js";
import type { BatcherConfig } from "./batcher-config.js";

/** A time as two halves, with where it is found: rewritten in place by `setTime`, read at every row. */
export interface TimeSlot {
  readonly timeline: Timeline;
  hi: number;
  lo: number;
}

/** The timelines a row is on, sorted by name. One object per set: its identity is part of the hot path's key. */
export interface TimelineSet {
  readonly timelines: readonly Timeline[];
  readonly slots: readonly TimeSlot[];
}

export interface BatcherOptions {
  readonly config: BatcherConfig;
  readonly clock: Clock;
  readonly tuids: TuidSource;
  /** Takes finished chunks, those of one flush together. */
  readonly emit: (chunks: readonly Chunk[]) => void;
  /** Told of a component that was left out of its row, in lenient mode. */
  readonly warn: WarningReporter;
}

/** Where the components of one kind of row go. */
interface RowPlan {
  readonly set: TimelineSet;
  readonly layouts: readonly ComponentLayout[];
  readonly mask: number;
  readonly builder: ChunkBuilder;
  /** Indices of the present components in the bundle, and their columns. */
  readonly present: readonly number[];
  readonly columns: readonly ColumnBuilder[];
}

/** What the real SDK counts for a row besides its values (measured: it cuts scalars at about 1900 rows with 2 MiB). */
const ROW_OVERHEAD_BYTES = 1060;
const MAX_MASK_BITS = 31;
/** Plans of one entity that are remembered; more kinds of rows than that are looked up anew. */
const MAX_PLANS = 64;
const TWO_32 = 4294967296;

/**
 * Collects rows per entity and makes chunks of them by the real SDK's rules: rows of one chunk share their set of timelines
 * and the data types of their components; thresholds count per entity, the tick flushes all entities.
 *
 * Rows go straight into column builders. The tick is looked at with every row, since a synchronous loop lets no timer run.
 */
export class Batcher {
  readonly #options: BatcherOptions;
  readonly #config: BatcherConfig;
  readonly #clock: Clock;
  readonly #entities = new Map<string, EntityRows>();
  readonly #tickNanos: number;
  #waiting: EntityRows[] = [];
  #tickHi = 0;
  #tickLo = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: BatcherOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#clock = options.clock;
    this.#tickNanos = options.config.flushTickSec * 1e9;
  }

  /** The rows of one entity, for `append`; to be asked for anew with each row. `entityPath` is canonical. */
  entity(entityPath: string): EntityRows {
    let entity = this.#entities.get(entityPath);
    if (entity === undefined) {
      if (this.#entities.size >= MAX_ENTITIES) this.#dropEntities();
      entity = new EntityRows(entityPath, this.#options);
      this.#entities.set(entityPath, entity);
    }
    return entity;
  }

  /**
   * Adds a row at the clock's last reading. Nothing is added when no component is there.
   *
   * @throws RerunError `InvalidArgument` when `strict` and a component cannot be taken; the row is not added then
   */
  append(entity: EntityRows, set: TimelineSet, bundle: AsComponents, strict: boolean): void {
    if (!entity.isWaiting) this.#wait(entity);
    const bytes = entity.append(set, bundle, strict);
    const config = this.#config;
    if (bytes >= config.flushNumBytes || entity.numRows >= config.flushNumRows) this.#flushEntity(entity);
    const { hi, lo } = this.#clock;
    if ((hi - this.#tickHi) * TWO_32 + (lo - this.#tickLo) >= this.#tickNanos) this.flush();
  }

  /** Makes chunks of all waiting rows. */
  flush(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    const chunks: Chunk[] = [];
    for (const entity of waiting) {
      entity.isWaiting = false;
      entity.takeChunks(chunks);
    }
    if (chunks.length > 0) this.#options.emit(chunks);
  }

  #flushEntity(entity: EntityRows): void {
    const chunks: Chunk[] = [];
    entity.takeChunks(chunks);
    if (chunks.length > 0) this.#options.emit(chunks);
  }

  #dropEntities(): void {
    this.flush();
    this.#entities.clear();
  }

  #wait(entity: EntityRows): void {
    entity.isWaiting = true;
    if (this.#waiting.length === 0) this.#startTick();
    this.#waiting.push(entity);
  }

  #startTick(): void {
    this.#tickHi = this.#clock.hi;
    this.#tickLo = this.#clock.lo;
    const millis = Math.min(this.#config.flushTickSec * 1000, 0x7fffffff);
    this.#timer = setTimeout(() => {
      this.flush();
    }, millis);
    this.#timer.unref();
  }
}

/** Entities whose builders are kept for the next rows. */
const MAX_ENTITIES = 50_000;

/** The waiting rows of one entity. */
export class EntityRows {
  isWaiting = false;
  numRows = 0;
  readonly #entityPath: string;
  readonly #options: BatcherOptions;
  /** Builders by timelines and data types. */
  readonly #builders = new Map<string, ChunkBuilder>();
  #plans: RowPlan[] = [];
  #plan: RowPlan | undefined;

  constructor(entityPath: string, options: BatcherOptions) {
    this.#entityPath = entityPath;
    this.#options = options;
  }

  /** Adds a row. Gives the bytes that wait in its chunk. */
  append(set: TimelineSet, bundle: AsComponents, strict: boolean): number {
    const { layouts, data } = bundle;
    const mask = maskOf(data);
    if (mask === 0) return 0;
    let plan = this.#plan;
    if (plan === undefined || plan.set !== set || plan.layouts !== layouts || plan.mask !== mask || mask < 0) {
      plan = this.#planFor(set, layouts, data, mask);
      this.#plan = plan;
    }
    const { builder, present, columns } = plan;
    for (let i = 0; i < present.length; i++) {
      const index = present[i] as number;
      const problem = (columns[i] as ColumnBuilder).problem(data[index] as ComponentData);
      if (problem !== undefined) return this.#appendWithout(set, bundle, index, problem, strict);
    }
    if (builder.numRows >= this.#options.config.chunkMaxRowsIfUnsorted && !builder.isSorted)
      this.#options.emit([builder.finish()]);
    const row = builder.beginRow();
    const { slots } = set;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as TimeSlot;
      builder.setTime(i, row, slot.hi, slot.lo);
    }
    for (let i = 0; i < present.length; i++) {
      (columns[i] as ColumnBuilder).append(row, data[present[i] as number] as ComponentData);
    }
    this.numRows += 1;
    return builder.sizeBytes + builder.numRows * ROW_OVERHEAD_BYTES;
  }

  /** Appends the chunks of all waiting rows to `chunks`. */
  takeChunks(chunks: Chunk[]): void {
    if (this.numRows === 0) return;
    this.numRows = 0;
    for (const [key, builder] of this.#builders) {
      if (builder.numRows > 0) chunks.push(builder.finish());
      else this.#forget(key, builder);
    }
  }

  /** Drops a builder that nobody filled since the last flush. */
  #forget(key: string, builder: ChunkBuilder): void {
    this.#builders.delete(key);
    this.#plans = this.#plans.filter((plan) => plan.builder !== builder);
    if (this.#plan?.builder === builder) this.#plan = undefined;
  }

  /** Adds the row without component number `index`, which cannot be taken. */
  #appendWithout(set: TimelineSet, bundle: AsComponents, index: number, problem: string, strict: boolean): number {
    const { component } = (bundle.layouts[index] as ComponentLayout).descriptor;
    const message = `log: ${component} at ${this.#entityPath}: ${problem}`;
    if (strict) throw new RerunError("InvalidArgument", message);
    this.#options.warn({ code: "InvalidArgument", message: `${message}. The component is left out` });
    const data = bundle.data.map((value, i) => (i === index ? undefined : value));
    return this.append(set, { layouts: bundle.layouts, data }, strict);
  }

  #builder(key: string, set: TimelineSet): ChunkBuilder {
    let builder = this.#builders.get(key);
    if (builder === undefined) {
      builder = new ChunkBuilder({ entityPath: this.#entityPath, timelines: set.timelines, tuids: this.#options.tuids });
      this.#builders.set(key, builder);
    }
    return builder;
  }

  #planFor(set: TimelineSet, layouts: readonly ComponentLayout[], data: AsComponents["data"], mask: number): RowPlan {
    const known = this.#plans.find((plan) => plan.set === set && plan.layouts === layouts && plan.mask === mask && mask >= 0);
    if (known !== undefined) return known;
    const present = [...layouts.keys()].filter((i) => data[i] !== undefined);
    present.sort((a, b) =>
      compareDescriptors((layouts[a] as ComponentLayout).descriptor, (layouts[b] as ComponentLayout).descriptor),
    );
    const types = present.map((i) => dataTypeKey((layouts[i] as ComponentLayout).type));
    const wanted = present.map((i) => layouts[i] as ComponentLayout);
    let builder = this.#builder(JSON.stringify([set.timelines, types]), set);
    if (!wanted.every((layout) => canHold(builder, layout))) {
      builder = this.#builder(JSON.stringify([set.timelines, types, wanted.map((layout) => layout.descriptor)]), set);
    }
    const columns = wanted.map((layout) => builder.column(layout));
    const plan: RowPlan = { set, layouts, mask, builder, present, columns };
    if (mask >= 0) {
      if (this.#plans.length >= MAX_PLANS) this.#plans.shift();
      this.#plans.push(plan);
    }
    return plan;
  }
}

/** Whether a column for `layout` is there or can be added: one component may come with different types or meanings. */
function canHold(builder: ChunkBuilder, layout: ComponentLayout): boolean {
  const other = builder.layoutOf(layout.descriptor.component);
  if (other === undefined || other === layout) return true;
  return compareDescriptors(other.descriptor, layout.descriptor) === 0 && sameDataType(other.type, layout.type);
}

/** One bit per component that is there; -1 when that are too many for one number. */
function maskOf(data: AsComponents["data"]): number {
  if (data.length >= MAX_MASK_BITS) return data.every((value) => value === undefined) ? 0 : -1;
  let mask = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== undefined) mask |= 1 << i;
  return mask;
}
