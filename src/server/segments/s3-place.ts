/** An object of an object store, or a folder of them: a key that ends with `/`, or none for all of a bucket. */
export interface S3Place {
  readonly bucket: string;
  readonly key: string;
}

/** What `s3://bucket/key` names, as other URLs percent-encoded; `undefined` for anything else. */
export function s3Place(uri: string): S3Place | undefined {
  if (!/^s3:\/\//i.test(uri)) return undefined;
  try {
    const { host, pathname, search, hash, username } = new URL(uri);
    const key = decodeURIComponent(pathname.slice(1));
    // Requests name keys in the path of a URL, where these would lead to another key.
    const leadsElsewhere = key.split("/").some((name) => name === "." || name === "..");
    if (leadsElsewhere || search !== "" || hash !== "" || username !== "") return undefined;
    return /^[\w.-]{3,63}$/.test(host) && !host.startsWith(".") ? { bucket: host, key } : undefined;
  } catch {
    return undefined; // It is no URL, or badly encoded.
  }
}

/** The one spelling under which the server knows an object. */
export function s3Object({ bucket, key }: S3Place): string {
  return `s3://${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
}

/** Whether a place is a root or lies below it. */
export function isBelow(place: S3Place, root: S3Place): boolean {
  const [key, above] = [withoutSlash(place.key), withoutSlash(root.key)];
  return place.bucket === root.bucket && (above === "" || key === above || key.startsWith(`${above}/`));
}

function withoutSlash(key: string): string {
  return key.endsWith("/") ? key.slice(0, -1) : key;
}
