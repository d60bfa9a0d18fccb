import { type ArrowType, camelCase, type Definitions, type EncodingDefinition, header, importsOf } from "./definitions.js";
import { enumsOf } from "./enums.js";

/** Encodings whose input types are written by hand in `src/types/likes.ts`, because they take more than their schema says. */
const BY_HAND = new Set([
  "Blob",
  "Quaternion",
  "Rgba32",
  "RotationAxisAngle",
  "TensorData",
  "ViewCoordinates",
  "Angle",
  "TimeRangeBoundary",
]);
const OWN_COMPONENTS: Readonly<Record<string, string>> = {
  LineStrip2D: "StripArrayLike",
  LineStrip3D: "StripArrayLike",
  GeoLineString: "StripArrayLike",
};

/** Type of the input of a field: `Vec3DArrayLike`. */
export function likeName(encoding: string, isList: boolean): string {
  return OWN_COMPONENTS[encoding] ?? `${encoding}${isList ? "Array" : ""}Like`;
}

/** Names of types by the module that has them, as `src/types/gen` imports it. */
export type LikeModules = Readonly<Record<string, readonly string[]>>;

/** All names `likeName` may give, by module. */
export function likeModules(definitions: Pick<Definitions, "components" | "encodings">): LikeModules {
  const enums = enumsOf(definitions).map((each) => each.short);
  const byHand = [...BY_HAND].flatMap((name) => [`${name}Like`, `${name}ArrayLike`]);
  const generated = Object.values(definitions.encodings)
    .filter((encoding) => !BY_HAND.has(encoding.short) && encoding.enum === undefined)
    .flatMap(({ short }) => [`${short}Like`, `${short}ArrayLike`]);
  const own = ["AnnotationContext", "KeyValuePairs", "ChannelMessageCounts"].flatMap((name) => [
    `${name}Like`,
    `${name}ArrayLike`,
  ]);
  return {
    "../likes.js": [...byHand, "NumberArray", "StripArrayLike", "VectorArrayLike"],
    "./enums.js": enums.flatMap((name) => [`${name}Like`, `${name}ArrayLike`]),
    "./likes.js": [...generated, ...own],
  };
}

/** Imports of the input types that `text` uses. */
export function likeImports(text: string, modules: LikeModules): string {
  return Object.entries(modules)
    .map(([from, names]) => importsOf(text, from, names, true))
    .join("");
}

/** Input types of the encodings that take what their schema says. */
export function writeLikes(definitions: Definitions): string {
  const parts: string[] = [];
  for (const encoding of Object.values(definitions.encodings)) {
    if (BY_HAND.has(encoding.short) || encoding.enum !== undefined || encoding.kind === "union") continue;
    parts.push(encoding.kind === "struct" ? structLike(encoding) : plainLike(encoding));
  }
  const body = `${parts.join("\n")}\n${OWN}`;
  const modules = likeModules(definitions);
  const hand = ["IntegerArray", "MatrixArrayLike", "MatrixLike", "HalfVectorArrayLike", "TextArrayLike"];
  const imports =
    importsOf(body, "../likes.js", [...hand, ...(modules["../likes.js"] ?? [])], true) +
    importsOf(body, "./enums.js", modules["./enums.js"] ?? [], true);
  return `${header(definitions)}${imports}\n${body}`;
}

function plainLike({ short, name, arrow }: EncodingDefinition): string {
  const [one, many] = likeTypes(short, arrow);
  return `/** One \`${name}\`. */\nexport type ${short}Like = ${one};\n/** One or several of \`${name}\`. */\nexport type ${short}ArrayLike = ${many};\n`;
}

function likeTypes(short: string, arrow: ArrowType): readonly [one: string, many: string] {
  if (short.startsWith("Mat")) return ["MatrixLike", "MatrixArrayLike"];
  switch (arrow.type) {
    case "bool":
      return ["boolean", "boolean | readonly boolean[]"];
    case "utf8":
      return ["string | number", "TextArrayLike"];
    case "int64":
    case "uint64":
      return ["number | bigint", "number | bigint | IntegerArray"];
    case "list":
      return ["BlobLike", "BlobArrayLike"];
    case "fixed_size_list":
      return arrow.item?.arrow.type === "fixed_size_list"
        ? ["NumberArray | readonly NumberArray[]", "HalfVectorArrayLike"]
        : ["NumberArray", "VectorArrayLike"];
    default:
      return ["number", "number | NumberArray"];
  }
}

function structLike({ short, name, fields }: EncodingDefinition): string {
  const members = (fields ?? []).map((member) => {
    const optional = /^Option<(.*)>$/.exec(member.type ?? "");
    const type = memberType(optional?.[1] ?? member.type ?? "");
    return optional === null
      ? `  readonly ${camelCase(member.name)}: ${type};`
      : `  readonly ${camelCase(member.name)}?: ${type} | null | undefined;`;
  });
  const more = OTHER_FORMS[short] ?? "";
  return `/** Members of \`${name}\`. */
export interface ${short}Members {
${members.join("\n")}
}
/** One \`${name}\`. */
export type ${short}Like = ${short}Members${more};
/** One or several of \`${name}\`. */
export type ${short}ArrayLike = ${short}Like | readonly ${short}Like[];
`;
}

/** Shorter forms of some structs. */
const OTHER_FORMS: Readonly<Record<string, string>> = {
  AbsoluteTimeRange: " | readonly [min: number | bigint, max: number | bigint]",
  AnnotationInfo: " | number | readonly [id: number, label?: string | null, color?: Rgba32Like | null]",
  ClassDescription: " | AnnotationInfoLike",
  ClassDescriptionMapElem: " | ClassDescriptionLike",
  TensorDimensionSelection: " | number | { readonly dimension: number }",
  KeypointPair: " | readonly [from: number, to: number]",
  Utf8Pair: " | readonly [first: string, second: string]",
};

function memberType(type: string): string {
  const list = /^Vec<(.*)>$/.exec(type);
  if (list !== null) return `readonly ${memberType(list[1] ?? "")}[]`;
  if (type.startsWith("rerun::encodings::")) return `${type.slice("rerun::encodings::".length)}Like`;
  if (type === "bool") return "boolean";
  if (type === "String") return "string";
  return type.endsWith("64") && !type.startsWith("f") ? "number | bigint" : "number";
}

const OWN = `/** Classes of an annotation context. */
export type AnnotationContextLike = ClassDescriptionMapElemLike | readonly ClassDescriptionMapElemLike[];
/** Pairs of texts. */
export type KeyValuePairsLike = readonly Utf8PairLike[] | Readonly<Record<string, string>> | ReadonlyMap<string, string>;
/** Numbers of messages of channels. */
export type ChannelMessageCountsLike = readonly ChannelCountPairMembers[];
`;
