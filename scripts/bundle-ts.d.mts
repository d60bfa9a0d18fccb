export function bundleTs(source: string): Promise<string>;
