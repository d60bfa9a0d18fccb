import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testPython } from "../../scripts/paths.mjs";
import { rerunVerify } from "../support/rerun-compare.js";
import { makeWorkspace, runJupyter, type Workspace } from "./jupyter-lab.js";
import { type NotebookFile, streamsOf } from "./lab-page.js";

/** What pyarrow reads of both files, as JSON. */
const PYARROW = `
import json, pyarrow as pa, pyarrow.parquet as pq
tables = [pq.read_table("speeds.parquet"), pa.ipc.open_file("speeds.arrow").read_all()]
print(json.dumps([[t.num_rows, t.schema.names, t.column(3).to_pylist()[:2], dict(
    (k.decode(), v.decode()) for k, v in t.schema.field(3).metadata.items())] for t in tables]))
`;

let workspace: Workspace;
let executed: NotebookFile;

beforeAll(() => {
  workspace = makeWorkspace();
  const options = ["--ExecutePreprocessor.store_widget_state=False", "--log-level=ERROR"];
  runJupyter(workspace, ["nbconvert", "--to", "notebook", "--execute", "--inplace", "dataframes.ipynb", ...options]);
  executed = JSON.parse(readFileSync(join(workspace.folder, "dataframes.ipynb"), "utf8"));
});
afterAll(() => workspace?.remove());

/** The HTML that a cell shows. */
function html(id: string): string {
  const outputs = executed.cells.find((cell) => cell.id === id)?.outputs ?? [];
  const shown = outputs.flatMap(({ data }) => (data === undefined ? [] : [[data["text/html"] ?? ""].flat().join("")]));
  expect([id, shown.length]).toEqual([id, 1]);
  return (shown[0] ?? "").replace(/<style>.*?<\/style>/s, "");
}

/** The texts in the rows of a cell's table. */
function rows(id: string): string[][] {
  const [body = ""] = /<tbody>.*<\/tbody>/s.exec(html(id)) ?? [];
  return Array.from(body.matchAll(/<tr>(.*?)<\/tr>/gs), ([, row = ""]) =>
    Array.from(row.matchAll(/<td[^>]*>(.*?)<\/td>/gs), ([, cell = ""]) => cell.replace(/<[^>]*>/g, "")),
  );
}

describe("the notebook about dataframes", () => {
  it("is committed without outputs", () => {
    const notebook = JSON.parse(
      readFileSync(new URL("../../notebooks/dataframes.ipynb", import.meta.url), "utf8"),
    ) as NotebookFile;
    expect(notebook.cells.flatMap((cell) => cell.outputs ?? [])).toEqual([]);
  });

  it("runs to its end and prints nothing but its own lines", () => {
    const { stdout, stderr } = streamsOf(executed);
    expect(stderr).toBe("");
    expect(stdout).toContain("'/events:TextLog:text': [ 'left the dock with 5 kg' ]");
    expect(stdout).toMatch(/21 rows, \d+ columns, Arrow type of a speed: List<Float64>/);
    expect(stdout).toContain("600 rows from Parquet, 600 from Arrow");
    expect(stdout).toContain("shape: (600, 2)");
    expect(stdout).toContain("registered monday\nregistered tuesday\nregistered wednesday");
  });

  it("shows tables of the recording in memory: schema, rows, filled rows, pictures, chosen moments, static data", () => {
    expect(rows("open").map(([name]) => name)).toContain("/robot/speed:Scalars:scalars");
    expect(html("reader")).toContain("10 of 200 rows");
    expect(html("contents")).toContain("Scalars:scalars");
    expect(html("contents")).not.toContain("/robot/camera");
    expect(rows("contents").every((row) => !row.includes("null"))).toBe(true);
    expect(html("camera").match(/<img [^>]*src="data:image\/bmp/g)).toHaveLength(3);
    expect(html("camera")).toContain("<td>96×54 RGB u8</td>");
    expect(rows("rows").map(([time]) => time?.slice(-8))).toEqual(Array.from({ length: 10 }, (_, i) => `09:30:0${i}`));
    expect(rows("static").length).toBe(1);
    expect(rows("static")[0]).toEqual(expect.arrayContaining(["monday", "unit 7", "Aisle 4, monday", "4.1.0"]));
  });

  it("answers questions about all drives at once", () => {
    const days = ["monday", "tuesday", "wednesday"];
    expect(rows("several").map(([id]) => id)).toEqual(days);
    const sums = rows("sql");
    expect(sums.map(([day]) => day)).toEqual(days);
    const speeds = sums.map(([, mean]) => Number(mean));
    expect(speeds).toEqual([...speeds].sort());
    expect(rows("sql-window").length).toBe(5);
    expect(html("files")).toContain("10 of 600 rows");
  });

  it("writes files that pyarrow reads, and recordings that the real rerun verifies", () => {
    const [parquet, arrow] = JSON.parse(
      execFileSync(testPython(), ["-c", PYARROW], { cwd: workspace.folder, encoding: "utf8" }),
    ) as [unknown, unknown];
    expect(parquet).toEqual(arrow);
    expect(parquet).toEqual([
      600,
      ["rerun_segment_id", "frame", "time", "/robot/speed:Scalars:scalars", "/robot/battery/charge:Scalars:scalars"],
      [[expect.closeTo(1.2, 1)], [expect.closeTo(1.2, 1)]],
      expect.objectContaining({ "rerun:entity_path": "/robot/speed", "rerun:component": "Scalars:scalars" }),
    ]);
    for (const day of ["monday", "tuesday", "wednesday"]) rerunVerify(join(workspace.folder, "drives", `${day}.rrd`));
  });

  it("asks a server the same questions, shows its dataset, and the server ends with the kernel", async () => {
    const address = /rerun\+(http:\/\/127\.0\.0\.1:\d+)/.exec(html("server"))?.[1];
    expect(rows("server").map(([name, kind]) => [name, kind])).toEqual([["drives", "dataset"]]);
    expect(rows("remote-segments").map(([id]) => id)).toEqual(["monday", "tuesday", "wednesday"]);
    const events = rows("remote-reader");
    expect(events.length).toBeGreaterThan(2);
    expect(new Set(events.map(([id]) => id))).toEqual(new Set(["tuesday", "wednesday"]));
    expect(rows("remote-sql").map(([name]) => name)).toEqual(["drives"]);
    expect(html("show")).toContain("<svg");
    await expect(fetch(`${address}/version`)).rejects.toThrow();
  });
});
