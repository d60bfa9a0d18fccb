/** What `build` does: `force` builds even what is up to date (default false); `log` gets one line per part. */
export interface BuildOptions {
  readonly force?: boolean;
  readonly log?: (line: string) => void;
}
/** Builds the parts whose inputs changed since the last build; gives their names. */
export declare function build(options?: BuildOptions): Promise<string[]>;

/** Bundles the program of a sink's thread. */
export declare function bundleSinkWorker(outfile: string): Promise<void>;
