// The layers of src/: what each folder may import from, itself aside. ARCHITECTURE.md shows the same table (tests/architecture
// compares them), .dependency-cruiser.cjs makes rules of it. Type-only imports count as well.

/** folder → the folders it may import from */
exports.mayImport = {
  core: [],
  types: ["core"],
  chunk: ["core", "types"],
  protos: [],
  rrd: ["core", "types", "chunk", "protos"],
  store: ["core", "types", "chunk"],
  link: ["core", "types", "chunk", "store"],
  files: ["core", "types", "chunk", "protos", "rrd", "store"],
  rpc: ["core", "types", "chunk", "protos", "rrd", "store"],
  dataset: ["core", "types", "chunk", "protos", "rrd", "store", "files"],
  sdk: ["core", "types", "chunk", "protos", "rrd", "store", "files", "rpc"],
  catalog: ["core", "types", "chunk", "protos", "rrd", "store", "rpc", "dataset"],
  server: ["core", "types", "chunk", "protos", "rrd", "store", "link", "files", "rpc", "dataset"],
  viewer: ["core", "types", "chunk", "link"],
  widget: ["core", "types", "chunk", "store", "link", "dataset", "viewer"],
  cli: [
    "core",
    "types",
    "chunk",
    "protos",
    "rrd",
    "store",
    "link",
    "files",
    "rpc",
    "dataset",
    "sdk",
    "catalog",
    "server",
    "widget",
  ],
};

/** Folders whose code runs in the browser too: no Node modules. */
exports.neutral = ["core", "types", "chunk", "protos", "rrd", "store", "link", "viewer"];
