import * as arrow from "apache-arrow";
import { RerunError } from "../core/index.js";

/** A DataFrame of `nodejs-polars`; that package has its full type. */
// biome-ignore lint/suspicious/noExplicitAny: the package is optional, and a program that has it knows the type
export type PolarsDataFrame = any;

/** @throws RerunError `Unsupported` when the optional package is not there */
export async function framePolars(table: arrow.Table): Promise<PolarsDataFrame> {
  const polars = await loadPolars();
  return polars.readIPCStream(Buffer.from(arrow.tableToIPC(table, "stream")));
}

interface Polars {
  readIPCStream(bytes: Buffer): PolarsDataFrame;
}

async function loadPolars(): Promise<Polars> {
  try {
    const name = "nodejs-polars";
    const module = (await import(name)) as { readonly default: Polars };
    return module.default;
  } catch (cause) {
    const message = "toPolars needs an optional package that is not installed: npm install nodejs-polars@0.24.1";
    throw new RerunError("Unsupported", message, { cause });
  }
}
