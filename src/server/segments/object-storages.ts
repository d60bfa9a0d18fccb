import type { SourceStorage } from "./segment-storage.js";

export interface Storages {
  /** What the server stores itself: plain names. */
  readonly objects: SourceStorage;
  /** Files of others: `file://` URLs. */
  readonly files: SourceStorage;
  /** Objects of others: `s3://` URLs. */
  readonly s3: SourceStorage;
}

/** All of them as one storage, told apart by an object's name. */
export function joinStorages({ objects, files, s3 }: Storages): SourceStorage {
  const of = (object: string): SourceStorage => {
    if (object.startsWith("file://")) return files;
    return object.startsWith("s3://") ? s3 : objects;
  };
  return {
    read: (object, offset, length, options) => of(object).read(object, offset, length, options),
    readTail: (object, maxBytes, signal) => of(object).readTail(object, maxBytes, signal),
    stat: (object) => of(object).stat(object),
    list: (prefix, signal) => of(prefix).list(prefix, signal),
    directUrl: (object, ttlSeconds) => of(object).directUrl(object, ttlSeconds),
    objectOf: (uri) => objects.objectOf(uri) ?? files.objectOf(uri) ?? s3.objectOf(uri),
    urlOf: (object) => of(object).urlOf(object),
    checkAllowed: (object) => of(object).checkAllowed(object),
    isFolder: (object, signal) => of(object).isFolder(object, signal),
  };
}
