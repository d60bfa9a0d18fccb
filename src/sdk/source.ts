/** This package's version, as package.json has it. */
export const VERSION = "0.1.0";

/** What files say of who wrote them. */
export const SOURCE: string = `rerun-ts ${VERSION}`;
