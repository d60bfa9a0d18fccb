/** Every name of Python's `rerun` is here in camelCase, with its arguments; what is not is listed with a reason. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import { RecordingStream } from "../../src/index.js";
import { exportedNames } from "../support/constructor-options.js";

/** Each with its reason in docs/differences.md; what needs none there has it here. */
const MISSING: readonly string[] = [
  "AUTO_INDEX",
  "AlbedoFactor",
  "AnyBatchValue.dropUntypedNones",
  "AnyBatchValue.expectColumn",
  "AnyValues.dropUntypedNones",
  "BinaryStream.storage", // made by binaryStream()
  "ComponentBatchLike",
  "ComponentBatchMixin",
  "ComponentColumn.componentBatch", // an interface here
  "ComponentColumn.descriptor",
  "ComponentColumn.lengths",
  "ComponentColumn.offsets",
  "ComponentMixin",
  "DescribedComponentBatch",
  "DynamicArchetype.dropUntypedNones",
  "EXTERNAL_IMPORTER_INCOMPATIBLE_EXIT_CODE",
  "GraphEdge",
  "MediaType.value", // a table of constants here
  "MemoryRecording.storage", // made by memoryRecording()
  "Radius.value", // a number here
  "RecordingStream.batcherConfig", // called batcher
  "RecordingStream.makeThreadDefault",
  "SORBET_IS_TABLE_INDEX",
  "Scale3D",
  "TensorData",
  "TensorDimensionIndexSelection",
  "TensorDimensionSelection",
  "TextLogLevel.value", // a table of constants here
  "TimeColumn.timeline", // its first argument, called name
  "TimeColumnLike", // TimeColumnData here
  "TimeInt",
  "TimeRange",
  "TimeRangeBoundary.inner", // made by cursorRelative, absolute and infinite
  "TimeRangeBoundary.kind",
  "Transform3D.fromParent",
  "asarray",
  "cleanupIfForkedChild",
  "init.initLogging",
  "init.spawn",
  "legacyNotebookShow",
  "logFileFromContents.static",
  "logFileFromPath.static",
  "login",
  "logout",
  "notebookShow.blueprint",
  "notebookShow.width",
  "recordingStreamGeneratorCtx",
  "rerunShutdown",
  "scriptAddArgs",
  "scriptSetup",
  "scriptTeardown",
  "serveWebViewer",
  "setThreadLocalDataRecording",
  "shutdownAtExit",
  "startWebViewerServer",
  "tracingSession",
  "unregisterShutdown",
];
const MISSING_METHODS: readonly string[] = ["getApplicationId", "getRecordingId", "notebookShow", "toNative"];

/** Functions are for the current recording; another one has methods of the same names. */
const IS_METHOD = "recording";

const script = join(ROOT, "tests", "conformance", "python", "sdk_names.py");
const python = JSON.parse(execFileSync(testPython(), [script], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })) as {
  readonly names: Readonly<Record<string, readonly string[]>>;
  readonly recording: readonly string[];
};

it("has all names of the real SDK with their arguments", () => {
  const ours = exportedNames("src/index.ts");
  const missing = Object.entries(python.names).flatMap(([name, given]) => {
    const own = /^[a-z]/.test(name) ? camelCase(name) : name;
    const found = ours.get(own);
    if (found === undefined) return [own];
    return given.filter((each) => each !== IS_METHOD && !found.has(camelCase(each))).map((each) => `${own}.${camelCase(each)}`);
  });
  expect(missing.sort()).toEqual(MISSING);
});

it("has all methods of a recording", () => {
  const ours = new Set(Object.getOwnPropertyNames(RecordingStream.prototype));
  expect(python.recording.map(camelCase).filter((name) => !ours.has(name))).toEqual(MISSING_METHODS);
});

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
