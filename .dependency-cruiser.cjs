// The layers of src/ (scripts/layers.cjs) and a few bans, as rules that see every import, types included.
const { mayImport, neutral } = require("./scripts/layers.cjs");

const folders = Object.keys(mayImport);
const oneOf = (names) => `(${names.join("|")})`;
const TESTS = "\\.test\\.tsx?$";

/** Each folder with the folders it may not see. */
const layerRules = folders.map((folder) => ({
  name: `layer-${folder}`,
  severity: "error",
  comment: `${folder}/ may import: ${mayImport[folder].join(", ") || "nothing above it"}.`,
  from: { path: `^src/${folder}/`, pathNot: TESTS },
  to: { path: "^src/", pathNot: `^src/${oneOf([folder, ...mayImport[folder]])}/` },
}));

/** A folder's doors: its index.ts, and what stands here. */
const extraDoors = {
  chunk: "(index|arrow)\\.ts$",
  // Each service has a door of its own; index.ts is what files need.
  protos: "(index|proxy|redap|reflection|viewer-control)\\.ts$",
  // Blueprints have a door of their own: neither recordings nor the viewer load their types.
  types: "(index|blueprint/index)\\.ts$",
  // The blueprint API is a subpath of the package.
  sdk: "(index|blueprint/index)\\.ts$",
  // The kernel's half and the browser's half are apart: each has its own door, and wire.ts is what both read.
  widget: "(kernel/index|wire)\\.ts$",
  // The browser's side of the link: Arrow-free, without the query service.
  link: "(index|messages|client)\\.ts$",
};

const doorRules = folders.map((folder) => ({
  name: `door-${folder}`,
  severity: "error",
  comment: `Import from ${folder}/ through its door, not from a file inside it.`,
  from: { path: "^src/", pathNot: `^src/${folder}/|${TESTS}` },
  to: { path: `^src/${folder}/`, pathNot: `^src/${folder}/${extraDoors[folder] ?? "index\\.ts$"}` },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    ...doorRules,
    {
      name: "no-cycles",
      severity: "error",
      comment: "A cycle means that two modules are one idea, or that a type lies in the wrong one.",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-node-in-neutral-code",
      severity: "error",
      comment: "This folder also runs in the browser: ask the host through a port of core/.",
      from: { path: `^src/${oneOf(neutral)}/`, pathNot: TESTS },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-node-in-browser-entry",
      severity: "error",
      comment: "The browser's half of widget/ runs in a page.",
      from: { path: "^src/widget/", pathNot: `^src/widget/kernel/|${TESTS}` },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "browser-is-arrow-free",
      severity: "error",
      comment: "The viewer's bundle holds no apache-arrow: use chunk's Arrow-free door.",
      from: { path: "^src/(viewer|widget)/", pathNot: `^src/widget/kernel/|${TESTS}` },
      to: { path: "^src/chunk/arrow\\.ts$|node_modules/apache-arrow/" },
    },
    {
      name: "three-only-in-renderer",
      severity: "error",
      comment: "three.js is an implementation detail of viewer/renderer/.",
      from: { path: "^src/", pathNot: "^src/viewer/renderer/" },
      to: { path: "node_modules/(@types/)?three/" },
    },
    {
      name: "root-without-viewer-and-command",
      severity: "error",
      comment: "The composition root joins recording and viewer without loading the viewer, and knows no command.",
      from: { path: "^src/index\\.ts$" },
      to: { path: "^src/(viewer|cli)/" },
    },
    {
      name: "viewer-only-by-its-entry",
      severity: "error",
      comment: "Only the widget's browser entry draws in the viewer; the kernel ships it as a built asset.",
      from: { path: "^src/", pathNot: `^src/(viewer/|widget/viewer-entry\\.tsx?$)|${TESTS}` },
      to: { path: "^src/viewer/" },
    },
    {
      name: "no-unresolvable",
      severity: "error",
      comment: "This import leads nowhere.",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-dev-dependency-in-node-code",
      severity: "error",
      comment: "What ships as a Node module may only use what package.json brings along, or asks for as an optional peer.",
      from: { path: "^src/", pathNot: `^src/viewer/|^src/widget/[^/]*\\.tsx?$|${TESTS}` },
      to: { dependencyTypes: ["npm-dev"], pathNot: "node_modules/(@types|tslab|@lancedb/lancedb)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json", ".css", ".d.ts"],
    },
  },
};
