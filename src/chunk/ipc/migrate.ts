import type { Field, WarningReporter } from "../../core/index.js";
import {
  KEY_ARCHETYPE,
  KEY_COMPONENT,
  KEY_COMPONENT_TYPE,
  KEY_ENTITY_PATH,
  KEY_SORBET_VERSION,
  SORBET_VERSION,
} from "./chunk-metadata.js";

/** What a chunk's schema says, in the form that Rerun 0.41 writes. */
export interface MigratedSchema {
  /** In the order of the columns; `undefined` = a column that is left out. */
  readonly fields: readonly (Field | undefined)[];
  readonly metadata: ReadonlyMap<string, string>;
  /** Whether the chunk is so old that recording properties lie at another path: see `movedEntityPath`. */
  readonly movesProperties: boolean;
}

type Metadata = ReadonlyMap<string, string>;
type Version = readonly [number, number, number];
type Step = (metadata: Metadata, fieldName: string) => Metadata | undefined;

/** The oldest form: Rerun 0.22 and before. */
const OLDEST: Version = [0, 0, 1];
const CURRENT = parseVersion(SORBET_VERSION) ?? OLDEST;
const COLON_KEYS: Version = [0, 1, 0];

/** What became of a column's metadata on the way to each version; `undefined` = the column is no more. */
const STEPS: readonly (readonly [to: Version, step: Step])[] = [
  [[0, 0, 2], renamePlots],
  [COLON_KEYS, rebuildDescriptor],
  [[0, 1, 1], dropIndicator],
  [[0, 1, 2], renameTransforms],
  [
    [0, 1, 3],
    (metadata) => withRenamed(metadata, KEY_COMPONENT_TYPE, "rerun.components.SeriesVisible", "rerun.components.Visible"),
  ],
];

/**
 * The schema of a chunk of an older version as the newest one has it, by Rerun's own steps: the data of columns are the same in
 * all versions that files may have, only names changed. Warns of a version that is newer, or none.
 */
export function migrateSchema(fields: readonly Field[], metadata: Metadata, warn: WarningReporter): MigratedSchema {
  const version = versionOf(metadata, warn);
  if (version === undefined || !isBefore(version, CURRENT)) return { fields, metadata, movesProperties: false };
  const steps = STEPS.filter(([to]) => isBefore(version, to)).map(([, step]) => step);
  const movesProperties = isBefore(version, COLON_KEYS);
  return { fields: fields.map((field) => migrateField(field, steps)), metadata: withColons(metadata), movesProperties };
}

/** Where the entity of a chunk from before version 0.1.0 is now. */
export function movedEntityPath(path: string): string {
  return path === "/__properties/recording" ? "/__properties" : path;
}

function migrateField(field: Field, steps: readonly Step[]): Field | undefined {
  let metadata: Metadata | undefined = field.metadata ?? new Map();
  for (const step of steps) {
    metadata = step(metadata, field.name);
    if (metadata === undefined) return undefined;
  }
  return { ...field, metadata };
}

function renamePlots(metadata: Metadata): Metadata {
  const renamed = PLOTS.get(metadata.get("rerun.archetype") ?? "");
  if (renamed === undefined) return metadata;
  const result = new Map(metadata).set("rerun.archetype", renamed.archetype);
  const field = metadata.get("rerun.archetype_field");
  if (field !== undefined && renamed.fields.includes(field)) result.set("rerun.archetype_field", `${field}s`);
  return result;
}

const PLOTS: ReadonlyMap<string, { readonly archetype: string; readonly fields: readonly string[] }> = new Map([
  ["rerun.archetypes.Scalar", { archetype: "rerun.archetypes.Scalars", fields: ["scalar"] }],
  ["rerun.archetypes.SeriesLine", { archetype: "rerun.archetypes.SeriesLines", fields: ["color", "width", "name"] }],
  [
    "rerun.archetypes.SeriesPoint",
    { archetype: "rerun.archetypes.SeriesPoints", fields: ["color", "marker", "name", "marker_size"] },
  ],
]);

/** Keys with colons; a component is named by archetype and field, what named it before is its type. */
function rebuildDescriptor(old: Metadata, fieldName: string): Metadata {
  const metadata = withColons(old);
  const component = old.get("rerun.component");
  const archetype = old.get("rerun.archetype");
  const field = old.get("rerun.archetype_field");
  for (const key of ["rerun:archetype", "rerun:archetype_field", "rerun:component"]) {
    if (old.has(key.replace(":", "."))) metadata.delete(key);
  }
  if (fieldName.endsWith("Indicator")) {
    const long = fieldName.startsWith("rerun.") ? fieldName : `rerun.components.${fieldName}`;
    metadata.set(KEY_COMPONENT, component ?? old.get(KEY_COMPONENT) ?? long);
  } else if (component !== undefined) {
    const isIndicator = field === undefined && component.endsWith("Indicator");
    if (archetype !== undefined && !isIndicator) metadata.set(KEY_ARCHETYPE, archetype);
    const prefix = archetype === undefined ? "" : `${archetype.replace(/^rerun\.(blueprint\.)?archetypes\./, "")}:`;
    metadata.set(KEY_COMPONENT, field === undefined ? component : `${prefix}${field}`);
    if (field !== undefined || (archetype !== undefined && !isIndicator)) metadata.set(KEY_COMPONENT_TYPE, component);
  }
  for (const [key, value] of metadata) metadata.set(key, value.replaceAll("RecordingProperties", "RecordingInfo"));
  return metadata;
}

/** Columns that said of what archetype the others are. */
function dropIndicator(metadata: Metadata): Metadata | undefined {
  const flag = metadata.get("rerun:is_indicator");
  const component = metadata.get(KEY_COMPONENT) ?? "";
  const isIndicator = flag === undefined ? /^rerun\.components\..*Indicator$/.test(component) : flag === "true";
  return isIndicator ? undefined : metadata;
}

const POSES = ["Translation3D", "RotationQuat", "RotationAxisAngle", "Scale3D", "TransformMat3x3"];

function renameTransforms(metadata: Metadata): Metadata {
  let result = metadata;
  for (const name of POSES) {
    result = withRenamed(result, KEY_COMPONENT_TYPE, `rerun.components.Pose${name}`, `rerun.components.${name}`);
  }
  result = withRenamed(result, KEY_COMPONENT, "CoordinateFrame:frame_id", "CoordinateFrame:frame");
  if (result.get(KEY_COMPONENT) !== "Transform3D:axis_length") return result;
  return new Map(result).set(KEY_COMPONENT, "TransformAxes3D:axis_length").set(KEY_ARCHETYPE, "rerun.archetypes.TransformAxes3D");
}

function withRenamed(metadata: Metadata, key: string, from: string, to: string): Metadata {
  return metadata.get(key) === from ? new Map(metadata).set(key, to) : metadata;
}

function withColons(metadata: Metadata): Map<string, string> {
  return new Map([...metadata].map(([key, value]) => [key.startsWith("rerun.") ? `rerun:${key.slice(6)}` : key, value]));
}

/** `undefined` when nothing is to be done: a chunk of no version at all has today's form. */
function versionOf(metadata: Metadata, warn: WarningReporter): Version | undefined {
  const text = metadata.get(KEY_SORBET_VERSION);
  if (text === SORBET_VERSION) return CURRENT;
  if (text === undefined) {
    if (metadata.has("rerun.id") || metadata.has(KEY_ENTITY_PATH.replace(":", "."))) return OLDEST;
    return metadata.has("rerun:version") ? [0, 0, 2] : undefined;
  }
  const version = parseVersion(text);
  if (version === undefined) {
    const message = `A chunk has the version "${text.slice(0, 80)}", expected one like ${SORBET_VERSION}`;
    warn({ code: "InvalidData", message });
  } else if (isBefore(CURRENT, version)) {
    const message = `A chunk has version ${text}, newer than ${SORBET_VERSION}: it may be read wrongly`;
    warn({ code: "InvalidData", message });
  }
  return version;
}

function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch] = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})$/.exec(text) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

function isBefore(a: Version, b: Version): boolean {
  return (a[0] - b[0] || a[1] - b[1] || a[2] - b[2]) < 0;
}
