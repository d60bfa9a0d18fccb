import { type Definitions, type EnumDefinition, header } from "./definitions.js";

/** Name and members of each enum among the components and encodings. */
export function enumsOf(
  definitions: Pick<Definitions, "components" | "encodings">,
): readonly { readonly name: string; readonly short: string; readonly members: EnumDefinition }[] {
  return [...Object.values(definitions.components), ...Object.values(definitions.encodings)].flatMap((owner) =>
    owner.enum === undefined ? [] : [{ name: owner.name, short: owner.short, members: owner.enum }],
  );
}

/** Tables from names to numbers, and the types of names. */
export function writeEnums(definitions: Omit<Definitions, "archetypes" | "constants">): string {
  const parts = enumsOf(definitions).map(({ name, short, members }) => {
    const fallback = members.default == null ? "" : ` Default: \`${members.default}\`.`;
    const rows = members.variants.map((variant) => `  ${variant.name}: ${variant.value},`).join("\n");
    return `/** Numbers of \`${name}\`.${fallback} */
export const ${short} = {
${rows}
} as const;
/** A name of \`${short}\` in any case, or its number. */
export type ${short}Like = EnumLike<keyof typeof ${short}>;
/** One or several of \`${short}\`. */
export type ${short}ArrayLike = ${short}Like | readonly ${short}Like[] | Uint8Array;
`;
  });
  return `${header(definitions)}import type { EnumLike } from "../likes.js";\n\n${parts.join("\n")}`;
}

/** All enum tables by name. */
export function writeEnumTables(definitions: Definitions): string {
  return writeTables(definitions, "ENUM_TABLES", "Every enum of the schema: numbers by name.", "./enums.js");
}

/** A table of enum tables by name. */
export function writeTables(
  definitions: Omit<Definitions, "archetypes" | "constants">,
  constant: string,
  doc: string,
  from: string,
): string {
  const names = enumsOf(definitions).map((each) => each.short);
  return `${header(definitions)}import { ${names.join(", ")} } from "${from}";

/** ${doc} */
export const ${constant}: Readonly<Record<string, Readonly<Record<string, number>>>> = { ${names.join(", ")} };
`;
}

/** Constants that Python keeps in classes. */
export function writeConstants(definitions: Definitions): string {
  const { MediaType, MediaType_guess_from_extension, TextLogLevel, Box2DFormat } = definitions.constants;
  const guesses = Object.entries(MediaType_guess_from_extension).filter(([, type]) => type !== null);
  const object = (entries: readonly (readonly [string, unknown])[]): string =>
    `{\n${entries.map(([key, value]) => `  ${key}: ${JSON.stringify(value)},`).join("\n")}\n}`;
  return `${header(definitions)}
/** Media types by short name. */
export const MediaType = ${object(Object.entries(MediaType))} as const;

/** Media type of a file by its extension, lower case, without dot. */
export const MEDIA_TYPE_OF_EXTENSION: Readonly<Record<string, string>> = ${object(guesses)};

/** Usual severities of a log line, most severe first. */
export const TextLogLevel = ${object(TextLogLevel.map((level) => [level, level] as const))} as const;

/** What the four numbers of a 2D box may mean: X, Y = corner, XC, YC = centre, W, H = size, W2, H2 = half size. */
export const Box2DFormat = ${object(Box2DFormat.map((name) => [name, name] as const))} as const;
/** A name of \`Box2DFormat\`. */
export type Box2DFormat = keyof typeof Box2DFormat;
`;
}
