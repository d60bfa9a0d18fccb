import type { DataType } from "../../core/index.js";

/** A type in a few letters: `list<f32×3>`. */
export function typeName(type: DataType): string {
  switch (type.kind) {
    case "int":
      return `${type.signed ? "i" : "u"}${type.bits}`;
    case "float":
      return `f${type.bits}`;
    case "utf8":
      return "text";
    case "binary":
      return "bytes";
    case "fixedSizeBinary":
      return `bytes×${type.size}`;
    case "timestamp":
      return type.unit === "ns" ? "timestamp" : `timestamp ${type.unit}`;
    case "duration":
      return type.unit === "ns" ? "duration" : `duration ${type.unit}`;
    case "list":
      return `list<${typeName(type.item.type)}>`;
    case "fixedSizeList":
      return `${typeName(type.item.type)}×${type.size}`;
    case "struct":
      return `struct<${type.fields.map(({ name }) => name).join(", ")}>`;
    case "union":
      return `union<${type.fields.map(({ name }) => name).join(", ")}>`;
    default:
      return type.kind;
  }
}
