import type { DataType } from "../../core/index.js";

/** A type in a few letters: `list<f32×3>`. @param maxMembers of structs and unions with more only the kind is told */
export function typeName(type: DataType, maxMembers: number = Number.POSITIVE_INFINITY): string {
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
    case "date":
      return "date";
    case "time":
      return "time of day";
    case "decimal":
      return `decimal ${type.precision}.${type.scale}`;
    case "list":
      return `list<${typeName(type.item.type, maxMembers)}>`;
    case "fixedSizeList":
      return `${typeName(type.item.type, maxMembers)}×${type.size}`;
    case "struct":
    case "union": {
      const members = `<${type.fields.map(({ name }) => name).join(", ")}>`;
      return type.fields.length > maxMembers ? type.kind : `${type.kind}${members}`;
    }
    default:
      return type.kind;
  }
}
