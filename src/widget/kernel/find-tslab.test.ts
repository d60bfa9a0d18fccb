import { describe, expect, it } from "vitest";
import { findTslab } from "./find-tslab.js";

class ZmqServer {
  async handleShellMessage(): Promise<void> {}
}
const running = { lastWriteDisplayData: () => {}, ZmqServer };

describe("findTslab", () => {
  it("finds nothing in a plain program", () => {
    expect(findTslab({ "/a/index.js": { exports: {} } })).toEqual({ kind: "none" });
    expect(findTslab()).toEqual({ kind: "none" });
  });

  it("takes the copy that has run a cell, also on Windows paths", () => {
    const idle = { lastWriteDisplayData: null, ZmqServer };
    const found = findTslab({
      "/usr/lib/tslab/dist/jupyter.js": { exports: idle },
      "C:\\n\\tslab\\dist\\jupyter.js": { exports: running },
    });
    expect(found).toEqual({ kind: "found", tslab: { path: "C:\\n\\tslab\\dist\\jupyter.js", jupyter: running } });
  });

  it("says what an unknown tslab lacks", () => {
    const search = findTslab({
      "/x/tslab/dist/jupyter.js": { exports: { lastWriteDisplayData: () => {}, ZmqServer: class {} } },
    });
    expect(search).toEqual({
      kind: "unknown",
      path: "/x/tslab/dist/jupyter.js",
      reason: "ZmqServer.handleShellMessage is not a function",
    });
  });
});
