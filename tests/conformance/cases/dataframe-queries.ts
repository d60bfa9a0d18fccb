/** Queries that the real reader and ours answer. Integers are texts, so that JSON keeps them. */
export interface FrameQuery {
  readonly dataset: string;
  readonly index: string | null;
  readonly contents?: string | readonly string[];
  readonly segments?: readonly string[];
  readonly fillLatestAt?: boolean;
  readonly includeSemanticallyEmptyColumns?: boolean;
  readonly includeTombstoneColumns?: boolean;
  readonly usingIndexValues?: readonly string[] | Readonly<Record<string, readonly string[]>>;
  readonly range?: readonly [string, string];
  readonly columns?: readonly string[];
  readonly isNotNull?: string;
}

const FILL = { fillLatestAt: true };
const EMPTY = { includeSemanticallyEmptyColumns: true };
const TOMBS = { includeTombstoneColumns: true };
const basics = { dataset: "basics", index: "frame" };
const clears = { dataset: "clears", index: "frame" };
const times = { dataset: "timelines", index: "frame" };
const nested = { dataset: "nested", index: "frame" };
const chunky = { dataset: "chunky", index: "frame" };
const props = { dataset: "props", index: "frame" };
const empties = { dataset: "empties", index: "frame" };
const spread = Array.from({ length: 20 }, (_, i) => String(7 * i - 3));

export const FRAME_QUERIES: readonly FrameQuery[] = [
  basics,
  { ...basics, ...FILL },
  { ...basics, index: "step" },
  { ...basics, index: "step", ...FILL },
  { ...basics, index: null },
  { ...basics, segments: ["beta"] },
  { ...basics, segments: ["gamma"] },
  { ...basics, segments: ["alpha", "beta"], ...FILL },
  { ...basics, contents: "/world/**" },
  { ...basics, contents: ["/**", "-/world/points"] },
  { ...basics, contents: "+ /** - /world/** + /world/points" },
  { ...basics, contents: ["/unordered", "/sparse"] },
  { ...basics, contents: "- /unordered\n+ /**" },
  { ...basics, contents: ["/**", "-/unordered", "+/unordered"] },
  { ...basics, contents: "world/points" },
  { ...basics, contents: "/fixed" },
  { ...basics, contents: "/world" },
  { ...basics, contents: "/none/**" },
  { ...basics, contents: "/only/**", ...FILL },
  { ...basics, range: ["5", "9"] },
  { ...basics, range: ["5", "9"], ...FILL },
  { ...basics, range: ["13", "13"], ...FILL },
  { ...basics, range: ["100", "200"], ...FILL },
  { ...basics, range: ["-5", "0"] },
  { ...basics, usingIndexValues: ["12", "1", "10", "99"] },
  { ...basics, usingIndexValues: ["12", "1", "10", "99"], ...FILL },
  { ...basics, usingIndexValues: { alpha: ["7", "3", "50", "-1"] } },
  { ...basics, usingIndexValues: { alpha: ["7", "3", "50", "-1"] }, ...FILL },
  { ...basics, usingIndexValues: { alpha: ["4"], beta: ["11", "0", "13"] }, ...FILL },
  { ...basics, usingIndexValues: ["3", "4", "5"], contents: "/sparse", ...FILL },
  { ...basics, usingIndexValues: ["3", "4", "5"], segments: ["alpha"], contents: "/unordered" },
  { ...basics, columns: ["frame", "/sparse:Scalars:scalars"] },
  { ...basics, columns: ["/world/points:Points3D:radii", "frame", "rerun_segment_id"], ...FILL },
  { ...basics, isNotNull: "/sparse:Scalars:scalars" },
  { ...basics, isNotNull: "/world/points:Points3D:radii", ...FILL },
  { ...basics, isNotNull: "/unordered:note", range: ["4", "9"] },
  { ...basics, columns: ["rerun_segment_id", "frame", "/unordered:note"], range: ["3", "5"] },
  clears,
  { ...clears, ...FILL },
  { ...clears, ...TOMBS },
  { ...clears, ...TOMBS, ...FILL },
  { ...clears, contents: "/p/a/**" },
  { ...clears, contents: "/p/a/**", ...FILL },
  { ...clears, contents: ["/p/a/**", "/p"], ...TOMBS },
  { ...clears, contents: ["/p/st", "/p/a/b"] },
  { ...clears, contents: "/p", ...FILL },
  { ...clears, segments: ["flat"], range: ["3", "22"], ...FILL },
  { ...clears, segments: ["flat"], usingIndexValues: ["3", "4", "20", "21"], ...FILL },
  { dataset: "clears_static", index: "frame" },
  { dataset: "clears_static", index: "frame", ...FILL },
  { dataset: "clears_static", index: null },
  { dataset: "clears_static", index: null, ...TOMBS },
  times,
  { ...times, ...FILL },
  { ...times, index: "dur" },
  { ...times, index: "dur", ...FILL },
  { ...times, index: "wall" },
  { ...times, index: "wall", ...FILL },
  { ...times, index: "wall", range: ["1704067202000000000", "1704067204000000000"] },
  { ...times, index: "dur", range: ["1000000000", "2000000000"], ...FILL },
  { ...times, index: "wall", usingIndexValues: ["1704067202000000000", "1704067202500000000"], ...FILL },
  { ...times, contents: ["/a", "/c"], ...FILL },
  { ...times, usingIndexValues: ["-4611686018427387904", "0", "4611686018427387904"] },
  nested,
  { ...nested, ...FILL },
  { ...nested, contents: "/tensor", ...FILL },
  { ...nested, contents: ["/tensor", "/lines", "/any"], usingIndexValues: ["0", "1", "2", "3"], ...FILL },
  { ...nested, range: ["2", "3"], ...FILL, ...EMPTY },
  { ...nested, isNotNull: "/tensor:Tensor:data" },
  chunky,
  { ...chunky, ...FILL },
  { ...chunky, index: "step" },
  { ...chunky, index: "step", ...FILL },
  { ...chunky, range: ["20", "40"], ...FILL },
  { ...chunky, usingIndexValues: spread },
  { ...chunky, usingIndexValues: spread, ...FILL },
  { ...chunky, usingIndexValues: { big: spread }, ...FILL },
  { ...chunky, contents: ["/l", "/m/**"], isNotNull: "/l:txt" },
  { ...chunky, contents: "/m/**", columns: ["frame", "/m/n:Points3D:colors"] },
  props,
  { ...props, contents: ["/__properties/**"] },
  { ...props, contents: ["/**", "/__properties/**"] },
  { ...props, contents: ["/x", "/__properties"], ...FILL },
  { ...props, index: null, contents: "/__properties/**" },
  { ...props, index: null },
  empties,
  { ...empties, ...EMPTY },
  { ...empties, ...EMPTY, ...FILL },
  { ...empties, index: null, ...EMPTY },
  { ...empties, contents: "/e" },
  { dataset: "statics", index: null },
  // Both refuse these.
  { dataset: "statics", index: "frame" },
  { ...basics, index: "nope" },
  { ...basics, usingIndexValues: ["7", "7"] },
  { ...basics, columns: ["frame", "/nope:x"] },
];
