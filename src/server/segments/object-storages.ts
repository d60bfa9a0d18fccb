import type { DiskStorage } from "./disk-storage.js";
import type { FileStorage } from "./file-storage.js";
import type { SegmentStorage } from "./segment-storage.js";

/** Objects of the server (plain names) and files of others (`file://` URLs) as one storage. */
export function objectStorages(objects: DiskStorage, files: FileStorage): SegmentStorage {
  const of = (object: string): SegmentStorage => (object.startsWith("file://") ? files : objects);
  return {
    read: (object, offset, length, signal) => of(object).read(object, offset, length, signal),
    readTail: (object, maxBytes) => of(object).readTail(object, maxBytes),
    stat: (object) => of(object).stat(object),
    create: (object, body) => of(object).create(object, body),
    remove: (object) => of(object).remove(object),
    list: (prefix) => of(prefix).list(prefix),
    directUrl: (object, ttlSeconds) => of(object).directUrl(object, ttlSeconds),
  };
}
