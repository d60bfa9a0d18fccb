import { RerunError } from "../../core/index.js";
import { RerunCloudService } from "../../protos/redap.js";
import { type CallContext, type RpcRoute, rawRoute, serviceRoutes } from "../../rpc/index.js";
import type { Grant } from "../auth/tokens.js";
import { getAssetsForSegment } from "./assets.js";
import {
  getDatasetManifestSchema,
  getDatasetSchema,
  getSchemas,
  getSegmentTableSchema,
  scanDatasetManifest,
  scanSegmentTable,
} from "./dataset-reads.js";
import { createDatasetEntry, deleteEntry, findEntries, readDatasetEntry, updateDatasetEntry, updateEntry } from "./entries.js";
import type { CallHeaders } from "./entry-ids.js";
import { fetchChunks } from "./fetch-chunks.js";
import { findChunks } from "./find-chunks.js";
import type { Platform } from "./platform.js";
import { queryDataset } from "./query-dataset.js";
import { registerWithDataset } from "./register.js";
import { getRrdManifest } from "./rrd-manifest.js";
import { deleteSegmentProperties, getSegmentProperties, setSegmentProperties } from "./segment-properties.js";
import { doBandwidthTest, version, whoAmI } from "./server-info.js";
import {
  createTableEntry,
  getTableSchema,
  readTableEntry,
  registerTable,
  scanTable,
  updateTableEntry,
  writeTable,
} from "./tables.js";
import { cancelTasks, queryTasks, queryTasksOnCompletion } from "./task-table.js";
import { unregisterFromDataset } from "./unregister.js";
import { getWriteAccessGrant } from "./uploads.js";
import { watchEvents } from "./watch-events.js";

export interface ServiceOptions {
  /** Fires when the server begins to end: calls that would go on for ever end then. */
  readonly stopping: AbortSignal;
  readonly packageVersion: string;
  /** What clients are told that they may rely on. */
  readonly capabilities: readonly string[];
  /** What the caller may do. @throws RerunError `Unauthenticated`, `PermissionDenied` */
  readonly grantOf: (authorization: string | undefined) => Grant;
}

/** The calls that change nothing. Reflection is among them. */
const READING: ReadonlySet<string> = new Set([
  "DoBandwidthTest",
  "FetchChunks",
  "FindChunks",
  "FindEntries",
  "GetAssetsForSegment",
  "GetDatasetManifestSchema",
  "GetDatasetSchema",
  "GetRrdManifest",
  "GetSchemas",
  "GetSegmentProperties",
  "GetSegmentTableSchema",
  "GetTableSchema",
  "QueryDataset",
  "QueryTasks",
  "QueryTasksOnCompletion",
  "ReadDatasetEntry",
  "ReadTableEntry",
  "ScanDatasetManifest",
  "ScanSegmentTable",
  "ScanTable",
  "ServerReflectionInfo",
  "Version",
  "WatchEvents",
  "WhoAmI",
]);

/** Whether a call needs the permission to write: all do that are not known to read. @param path `/package.Service/Method` */
export function isWritingCall(path: string): boolean {
  return !READING.has(path.slice(path.lastIndexOf("/") + 1));
}

/** The data platform's calls. What is not here is UNIMPLEMENTED. */
export function cloudRoutes(platform: Platform, options: ServiceOptions): readonly RpcRoute[] {
  const p = platform;
  const h = (context: CallContext): CallHeaders => context.headers;
  const typed = serviceRoutes(RerunCloudService, {
    version: async () => version(options.packageVersion),
    whoAmI: async (_request, context) => {
      const { permission, subject } = options.grantOf(h(context).authorization);
      return whoAmI(permission, subject, options.capabilities);
    },
    doBandwidthTest,
    watchEvents: (_request, context) => watchEvents(p, AbortSignal.any([context.signal, options.stopping])),
    findEntries: (request) => findEntries(p, request),
    deleteEntry: (request, context) => deleteEntry(p, request, h(context)),
    updateEntry: (request, context) => updateEntry(p, request, h(context)),
    createDatasetEntry: (request) => createDatasetEntry(p, request),
    readDatasetEntry: (_request, context) => readDatasetEntry(p, h(context)),
    updateDatasetEntry: (request, context) => updateDatasetEntry(p, request, h(context)),
    createTableEntry: (request) => createTableEntry(p, request),
    registerTable: (request) => registerTable(p, request),
    readTableEntry: (request, context) => readTableEntry(p, request, h(context)),
    updateTableEntry: (request, context) => updateTableEntry(p, request, h(context)),
    getTableSchema: (request, context) => getTableSchema(p, request, h(context)),
    scanTable: (request, context) => scanTable(p, request, h(context)),
    writeTable: (requests, context) => writeTable(p, requests, h(context)),
    registerWithDataset: (request, context) => registerWithDataset(p, request, context),
    unregisterFromDataset: (request, context) => unregisterFromDataset(p, request, h(context)),
    queryTasks: (request) => queryTasks(p, request),
    queryTasksOnCompletion: (request, context) => queryTasksOnCompletion(p, request, context.signal),
    cancelTasks: (request) => cancelTasks(p, request),
    getSegmentTableSchema: (_request, context) => getSegmentTableSchema(p, h(context)),
    scanSegmentTable: (request, context) => scanSegmentTable(p, request, h(context)),
    getDatasetManifestSchema: (_request, context) => getDatasetManifestSchema(p, h(context)),
    scanDatasetManifest: (request, context) => scanDatasetManifest(p, request, h(context)),
    getDatasetSchema: (_request, context) => getDatasetSchema(p, h(context)),
    getSchemas: (request, context) => getSchemas(p, request, h(context)),
    getRrdManifest: (request, context) => getRrdManifest(p, request, h(context)),
    getAssetsForSegment: (request, context) => getAssetsForSegment(p, request, h(context)),
    getSegmentProperties: (request, context) => getSegmentProperties(p, request, h(context)),
    setSegmentProperties: (request, context) => setSegmentProperties(p, request, h(context)),
    deleteSegmentProperties: (request, context) => deleteSegmentProperties(p, request, h(context)),
    findChunks: (request, context) => findChunks(p, request, h(context)),
    queryDataset: (request, context) => queryDataset(p, request, h(context)),
    getWriteAccessGrant: (request) => getWriteAccessGrant(p, request),
    doMaintenance: () => notImplemented("do_maintenance"),
    doGlobalMaintenance: () => notImplemented("do_global_maintenance"),
    getMultipartUploadPartGrants: noMultipart,
    completeMultipartUpload: noMultipart,
    abortMultipartUpload: noMultipart,
  });
  // What carries much is answered by hand.
  return [...typed, rawRoute(RerunCloudService.method.fetchChunks, (call) => fetchChunks(platform, call))];
}

function noMultipart(): never {
  throw new RerunError("Unsupported", "multipart uploads are not implemented");
}

function notImplemented(what: string): never {
  throw new RerunError("Unsupported", `${what} not implemented`);
}
