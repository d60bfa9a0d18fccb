/** folder of src/ → the folders it may import from, itself aside. */
export declare const mayImport: Readonly<Record<string, readonly string[]>>;
/** Folders of src/ whose code runs in the browser too. */
export declare const neutral: readonly string[];
