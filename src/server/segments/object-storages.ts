import type { ObjectStorage, SegmentStorage, SourceStorage } from "./segment-storage.js";

/** Where objects of others lie. */
export interface Sources {
  readonly files: SourceStorage;
  readonly s3: SourceStorage;
}

/** Files of others (`file://` URLs) and objects of others (`s3://` URLs) as one storage. */
export function sourceStorages({ files, s3 }: Sources): SourceStorage {
  const of = (object: string): SourceStorage => (object.startsWith("s3://") ? s3 : files);
  return {
    ...joined(of),
    objectOf: (uri) => files.objectOf(uri) ?? s3.objectOf(uri),
    checkAllowed: (object) => of(object).checkAllowed(object),
    isFolder: (object) => of(object).isFolder(object),
  };
}

/** Objects of the server (plain names) and of others (URLs) as one storage. */
export function objectStorages(objects: ObjectStorage, sources: SourceStorage): SegmentStorage {
  return joined((object) => (/^[a-z][a-z\d]*:\/\//.test(object) ? sources : objects));
}

function joined(of: (object: string) => SegmentStorage): SegmentStorage {
  return {
    read: (object, offset, length, options) => of(object).read(object, offset, length, options),
    readTail: (object, maxBytes, signal) => of(object).readTail(object, maxBytes, signal),
    stat: (object) => of(object).stat(object),
    list: (prefix) => of(prefix).list(prefix),
    directUrl: (object, ttlSeconds) => of(object).directUrl(object, ttlSeconds),
  };
}
