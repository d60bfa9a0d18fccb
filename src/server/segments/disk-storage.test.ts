import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeStorage } from "../../../tests/support/storage-contract.js";
import { DiskStorage } from "./disk-storage.js";
import { FileStorage, fileObject } from "./file-storage.js";

describeStorage("DiskStorage", () => {
  const folder = mkdtempSync(join(tmpdir(), "rerun-ts-storage-"));
  const storage = new DiskStorage(folder);
  return {
    storage,
    dispose: async () => {
      await storage.close();
      rmSync(folder, { recursive: true });
    },
  };
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

  it("are never written", async () => {
    const storage = new FileStorage();
    await expect(storage.create("file:///x")).rejects.toMatchObject({ code: "Unsupported" });
    await expect(storage.remove("file:///x")).rejects.toMatchObject({ code: "Unsupported" });
  });

  it("may be registered below the roots only, links followed", async () => {
    mkdirSync(join(folder, "root"));
    const storage = new FileStorage([join(folder, "root")]);
    write("secret.rrd", "x");
    symlinkSync(join(folder, "secret.rrd"), join(folder, "root", "link.rrd"));
    await storage.checkAllowed(write(join("root", "ok.rrd"), "x"));
    for (const name of ["secret.rrd", "root/link.rrd", "root/../secret.rrd", "rootless.rrd"]) {
      const object = `${pathToFileURL(folder).href}/${name}`;
      await expect(storage.checkAllowed(object), name).rejects.toMatchObject({ code: "PermissionDenied" });
    }
    expect(existsSync(join(folder, "root", "link.rrd"))).toBe(true);
  });

  it("are named by URLs and absolute paths of this machine", () => {
    expect(["file:///a/b.rrd", "/a/b c.rrd", "http://x/y", "s3://x/y", "b.rrd", "file://host/x"].map(fileObject)).toEqual([
      "file:///a/b.rrd",
      "file:///a/b%20c.rrd",
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
