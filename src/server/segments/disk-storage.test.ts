import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeObjectStorage, describeStorage } from "../../../tests/support/storage-contract.js";
import { DiskStorage } from "./disk-storage.js";
import { FileStorage } from "./file-storage.js";

/** As other programs write files: beside, and then in place. */
async function putFile(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
}

describeObjectStorage("DiskStorage", () => {
  const folder = mkdtempSync(join(tmpdir(), "rerun-ts-storage-"));
  const storage = new DiskStorage(folder);
  return {
    storage,
    nameOf: (name) => name,
    put: (name, bytes) => putFile(folder, name, bytes),
    dispose: async () => {
      await storage.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describeStorage("FileStorage", () => {
  const folder = mkdtempSync(join(tmpdir(), "rerun-ts-storage-"));
  const storage = new FileStorage();
  return {
    storage,
    nameOf: (name) => pathToFileURL(join(folder, name)).href,
    put: (name, bytes) => putFile(folder, name, bytes),
    dispose: async () => {
      await storage.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe("DiskStorage that is closed", () => {
  it("leaves nothing half written behind", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rerun-ts-storage-"));
    const storage = new DiskStorage(folder);
    let isWritten: () => void = () => undefined;
    let fail: (error: Error) => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      isWritten = resolve;
    });
    const body = (async function* () {
      yield new Uint8Array(10);
      isWritten();
      await new Promise((_, reject) => {
        fail = reject;
      });
    })();
    const created = storage.create("staged/a", body);
    const refused = expect(created).rejects.toThrow("the peer is gone");
    await begun;
    expect(readdirSync(join(folder, ".pending"))).toHaveLength(1);
    fail(new Error("the peer is gone"));
    await storage.close();
    expect(readdirSync(join(folder, ".pending"))).toEqual([]);
    await refused;
    rmSync(folder, { recursive: true });
  });
});

describe("files that stay where they are", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "rerun-ts-files-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return pathToFileURL(join(folder, name)).href;
  };

  it("are read anew once they were replaced", async () => {
    const storage = new FileStorage();
    const object = write("a b.rrd", "first");
    expect(Buffer.from(await storage.read(object, 0, 5)).toString()).toBe("first");
    write("new", "other!");
    renameSync(join(folder, "new"), join(folder, "a b.rrd"));
    expect((await storage.stat(object))?.bytes).toBe(6);
    expect(Buffer.from(await storage.read(object, 0, 6)).toString()).toBe("other!");
    await storage.close();
  });

  it("may be registered below the roots only, links followed", async () => {
    mkdirSync(join(folder, "root"));
    const storage = new FileStorage([join(folder, "root")]);
    write("secret.rrd", "x");
    symlinkSync(join(folder, "secret.rrd"), join(folder, "root", "link.rrd"));
    symlinkSync(folder, join(folder, "root", "out"));
    symlinkSync(join(folder, "nothing"), join(folder, "root", "dangling"));
    await storage.checkAllowed(write(join("root", "ok.rrd"), "x"));
    await storage.checkAllowed(pathToFileURL(join(folder, "root", "not", "yet.lance")).href);
    const outside = ["secret.rrd", "root/link.rrd", "root/../secret.rrd", "rootless.rrd"];
    // A new table would be made there.
    outside.push("root/out/new.lance", "root/out/new/deep.lance", "root/dangling", "root/dangling/new.lance");
    for (const name of outside) {
      const object = `${pathToFileURL(folder).href}/${name}`;
      await expect(storage.checkAllowed(object), name).rejects.toMatchObject({ code: "PermissionDenied" });
    }
    expect(existsSync(join(folder, "root", "link.rrd"))).toBe(true);
  });

  it("are listed without links that lead nowhere, or to themselves", async () => {
    const links = join(folder, "links");
    mkdirSync(links);
    const file = write("links/a.rrd", "a");
    symlinkSync(join(links, "loop.rrd"), join(links, "loop.rrd"));
    symlinkSync(join(links, "nothing"), join(links, "dangling.rrd"));
    const names: string[] = [];
    for await (const { object } of new FileStorage().list(`${pathToFileURL(links).href}/`)) names.push(object);
    expect(names).toEqual([file]);
  });

  it("are named by URLs and absolute paths of this machine", () => {
    const storage = new FileStorage();
    const names = ["file:///a/b.rrd", "/a/b c.rrd", "http://x/y", "s3://x/y", "b.rrd", "file://host/x"];
    expect(names.map((name) => storage.objectOf(name))).toEqual([
      "file:///a/b.rrd",
      "file:///a/b%20c.rrd",
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
