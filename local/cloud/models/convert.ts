/**
 * Between a protocol's body and the domain's values (ports/service.ts), led by the model. What the model does not know is
 * dropped, in both directions; a value of the wrong type passes unchanged, for `validateInput` to name it.
 */
import { isPlainObject } from "./constraints.ts";
import { membersOf, type Model, type Shape, shapeOf, type ShapeUse, type TimestampFormat } from "./model.ts";
import { formatTimestamp, isDate, parseTimestamp } from "./timestamps.ts";

/** How one protocol writes names, times and bytes. */
export interface Dialect {
  memberKey(name: string, use: ShapeUse): string;
  readTime(value: unknown): unknown;
  writeTime(date: Date, format: TimestampFormat | undefined): unknown;
  readBytes(value: unknown): unknown;
  writeBytes(bytes: Uint8Array): unknown;
}

/** JSON bodies: epoch seconds and base64, unless the member says otherwise. */
export const jsonDialect: Dialect = {
  memberKey: (name, use) => (use.location === undefined ? (use.locationName ?? name) : name),
  readTime: parseTimestamp,
  writeTime: (date, format) => formatTimestamp(date, format ?? "unixTimestamp"),
  readBytes: (value) => (typeof value === "string" && isBase64(value) ? Buffer.from(value, "base64") : value),
  writeBytes: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
};

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** From the protocol to the domain. */
export function decode(model: Model, shapeName: string, value: unknown, dialect: Dialect): unknown {
  const shape = shapeOf(model, shapeName);
  if (shape.document) return value;
  switch (shape.type) {
    case "structure":
      return isPlainObject(value) ? decodeMembers(model, shape, value, dialect) : value;
    case "list":
      return Array.isArray(value) ? decodeList(model, shape, value, dialect) : value;
    case "map":
      return isPlainObject(value) ? decodeMap(model, shape, value, dialect) : value;
    case "timestamp":
      return dialect.readTime(value);
    case "blob":
      return dialect.readBytes(value);
    case "float":
    case "double":
      return typeof value === "string" && /^(NaN|-?Infinity)$/.test(value) ? Number(value) : value;
    default:
      return typeof value === "bigint" ? Number(value) : value;
  }
}

function decodeMembers(model: Model, shape: Shape, value: Record<string, unknown>, dialect: Dialect) {
  const result: Record<string, unknown> = {};
  for (const [name, use] of membersOf(shape)) {
    const key = dialect.memberKey(name, use);
    const member = Object.hasOwn(value, key) ? value[key] : undefined;
    if (member !== undefined && member !== null) result[name] = decode(model, use.shape, member, dialect);
  }
  return result;
}

function decodeList(model: Model, shape: Shape, list: readonly unknown[], dialect: Dialect): unknown[] {
  const inner = shape.member?.shape ?? "";
  return list.filter((member) => member !== null).map((member) => decode(model, inner, member, dialect));
}

function decodeMap(model: Model, shape: Shape, map: Record<string, unknown>, dialect: Dialect) {
  const inner = shape.value?.shape ?? "";
  const entries = Object.entries(map).filter(([, member]) => member !== null);
  return Object.fromEntries(entries.map(([key, member]) => [key, decode(model, inner, member, dialect)]));
}

/** From the domain to the protocol. */
export function encode(model: Model, use: ShapeUse, value: unknown, dialect: Dialect): unknown {
  const shape = shapeOf(model, use.shape);
  if (shape.document) return value;
  if (isDate(value)) return dialect.writeTime(value, use.timestampFormat ?? shape.timestampFormat);
  if (ArrayBuffer.isView(value)) {
    return dialect.writeBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
  if (Array.isArray(value) && shape.type === "list") return encodeList(model, shape, value, dialect);
  if (shape.type === "structure" && isPlainObject(value)) return encodeMembers(model, shape, value, dialect);
  if (shape.type === "map" && isPlainObject(value)) return encodeMap(model, shape, value, dialect);
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value;
}

function encodeMembers(model: Model, shape: Shape, value: Record<string, unknown>, dialect: Dialect) {
  const result: Record<string, unknown> = {};
  for (const [name, use] of membersOf(shape)) {
    const member = value[name];
    if (member !== undefined && member !== null) {
      result[dialect.memberKey(name, use)] = encode(model, use, member, dialect);
    }
  }
  return result;
}

function encodeList(model: Model, shape: Shape, list: readonly unknown[], dialect: Dialect): unknown[] {
  const inner = shape.member ?? { shape: "" };
  return list.map((member) => encode(model, inner, member, dialect));
}

function encodeMap(model: Model, shape: Shape, map: Record<string, unknown>, dialect: Dialect) {
  const inner = shape.value ?? { shape: "" };
  const entries = Object.entries(map).filter(([, member]) => member !== undefined && member !== null);
  return Object.fromEntries(entries.map(([key, member]) => [key, encode(model, inner, member, dialect)]));
}
