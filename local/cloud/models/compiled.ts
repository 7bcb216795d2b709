/**
 * A model's shapes as functions, made when first asked for: what decode (convert.ts) with validateInput, and encode with JSON.stringify,
 * do shape by shape, for the values that most requests are made of. Same results; a value that is in any way unusual is left to them.
 */
import { isPlainObject } from "./constraints.ts";
import { decode, encode, jsonDialect } from "./convert.ts";
import { membersOf, type Model, type Shape, shapeOf, type ShapeUse } from "./model.ts";
import { parseTimestamp } from "./timestamps.ts";

export interface CompiledShapes {
  /** A JSON body as the operation's input; a symbol unless decode would give the same and validateInput would accept it. */
  read(shapeName: string, value: unknown): unknown;
  /** The JSON text of a value to be sent. */
  write(shapeName: string, value: unknown): string;
}

const unusual = Symbol("unusual");

type Read = (value: unknown) => unknown;
type Write = (value: unknown) => string | undefined;

export function compileShapes(model: Model): CompiledShapes {
  const reader = createReaders(model);
  const writer = createWriters(model);
  const uses = new Map<string, ShapeUse>();
  const useOf = (shape: string): ShapeUse => uses.get(shape) ?? uses.set(shape, { shape }).get(shape)!;
  return {
    read: (shapeName, value) => reader(shapeName)(value),
    write: (shapeName, value) => writer(useOf(shapeName))(value) ?? "{}",
  };
}

export interface ReadInput {
  readonly input: unknown;
  /** Found to be in order while it was read. */
  readonly isValid: boolean;
}

/** A JSON body as an operation's input. */
export function readJson(model: Model, shapeName: string, body: unknown): ReadInput {
  const read = model.compiled ? model.compiled.read(shapeName, body) : unusual;
  if (read !== unusual) return { input: read, isValid: true };
  return { input: decode(model, shapeName, body, jsonDialect), isValid: false };
}

export const jsonTextOf = (model: Model, shapeName: string, value: unknown): string =>
  model.compiled?.write(shapeName, value) ?? JSON.stringify(encode(model, { shape: shapeName }, value, jsonDialect));

function createReaders(model: Model): (shapeName: string) => Read {
  const known = new Map<string, Read>();
  const reader = (name: string): Read => {
    let found = known.get(name);
    if (!found) {
      known.set(name, (value) => reader(name)(value)); // a shape that contains itself meets this
      known.set(name, (found = readerOf(shapeOf(model, name), reader)));
    }
    return found;
  };
  return reader;
}

const never: Read = () => unusual;

function readerOf(shape: Shape, reader: (name: string) => Read): Read {
  if (shape.document) return never;
  switch (shape.type) {
    case "structure":
      return structureReader(shape, reader);
    case "list":
      return listReader(shape, reader(shape.member?.shape ?? ""));
    case "map":
      return mapReader(shape, reader(shape.key?.shape ?? ""), reader(shape.value?.shape ?? ""));
    case "string":
      return (value) => (typeof value === "string" && isTextOf(shape, value) ? value : unusual);
    case "boolean":
      return (value) => (typeof value === "boolean" ? value : unusual);
    case "integer":
      return (value) =>
        isWithin(shape, value) && Number.isSafeInteger(value) && Math.abs(value) < 2 ** 31 ? value : unusual;
    case "long":
      return (value) => (isWithin(shape, value) && Number.isSafeInteger(value) ? value : unusual);
    case "float":
    case "double":
      return (value) => (isWithin(shape, value) ? value : unusual);
    case "timestamp":
      return (value) => (typeof value === "number" && Math.abs(value) < 1e11 ? parseTimestamp(value) : unusual);
    default:
      return never;
  }
}

function isTextOf({ min, max, matcher, enum: values, pattern }: Shape, text: string): boolean {
  if ((min !== undefined && text.length < min) || (max !== undefined && text.length > max)) return false;
  if (pattern !== undefined && !matcher?.test(text)) return false;
  return !values || values.includes(text);
}

const isWithin = ({ min = -Infinity, max = Infinity }: Shape, value: unknown): value is number =>
  typeof value === "number" && value >= min && value <= max;

/** A member that stands elsewhere than in the body, or under another name there, is not for here: a body that has it is unusual. */
const isInBody = ([name, use]: readonly [string, ShapeUse]) =>
  use.location === undefined && (use.locationName ?? name) === name && !use.streaming && !use.jsonvalue;

function structureReader(shape: Shape, reader: (name: string) => Read): Read {
  const members = membersOf(shape).filter(isInBody);
  const readers = new Map(members.map(([name, use]) => [name, reader(use.shape)]));
  const { required = [] } = shape;
  return (value) => {
    if (!isPlainObject(value)) return unusual;
    for (const name of required) if (value[name] === undefined) return unusual;
    let changed: Record<string, unknown> | undefined;
    for (const name in value) {
      const read = readers.get(name)?.(value[name]) ?? unusual;
      if (read === unusual) return unusual;
      if (read !== value[name]) (changed ??= { ...value })[name] = read;
    }
    return changed ?? value;
  };
}

function listReader({ min = 0, max = Infinity }: Shape, member: Read): Read {
  return (value) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) return unusual;
    let changed: unknown[] | undefined;
    for (let n = 0; n < value.length; n++) {
      const read = member(value[n]);
      if (read === unusual) return unusual;
      if (read !== value[n]) (changed ??= [...(value as unknown[])])[n] = read;
    }
    return changed ?? value;
  };
}

function mapReader({ min = 0, max = Infinity }: Shape, key: Read, inner: Read): Read {
  return (value) => {
    if (!isPlainObject(value)) return unusual;
    let size = 0;
    for (const name in value) {
      if (key(name) === unusual || inner(value[name]) !== value[name]) return unusual;
      size++;
    }
    return size < min || size > max ? unusual : value;
  };
}

function createWriters(model: Model): (use: ShapeUse) => Write {
  const known = new WeakMap<ShapeUse, Write>();
  const writer = (use: ShapeUse): Write => {
    let found = known.get(use);
    if (!found) {
      known.set(use, (value) => writer(use)(value));
      const other: Write = (value) => JSON.stringify(encode(model, use, value, jsonDialect));
      known.set(use, (found = writerOf(shapeOf(model, use.shape), writer, other)));
    }
    return found;
  };
  return writer;
}

/** @param other for what is not of the shape's type, or is written in a way of its own */
function writerOf(shape: Shape, writer: (use: ShapeUse) => Write, other: Write): Write {
  if (shape.document) return other;
  switch (shape.type) {
    case "structure":
      return structureWriter(shape, writer, other);
    case "list": {
      const member = writer(shape.member ?? { shape: "" });
      const known = new WeakMap<object, string>();
      return (value) => (Array.isArray(value) ? textOnce(known, value, member) : other(value));
    }
    case "string":
      return (value) => (typeof value === "string" ? JSON.stringify(value) : other(value));
    case "integer":
    case "long":
    case "float":
    case "double":
      return (value) => (typeof value === "number" && Number.isFinite(value) ? numberText(value) : other(value));
    case "boolean":
      return (value) => (typeof value === "boolean" ? String(value) : other(value));
    default:
      return other;
  }
}

/** A frozen list is never changed, nor is what is in it: its text is made once. */
function textOnce(known: WeakMap<object, string>, list: readonly unknown[], member: Write): string {
  if (!Object.isFrozen(list)) return listText(list, member);
  let text = known.get(list);
  if (text === undefined) known.set(list, (text = listText(list, member)));
  return text;
}

const decimals = 1e7;

/**
 * As String() writes it. Scores between 0 and 1 with seven decimals, of which an answer has dozens, are put together from a whole number:
 * finding the shortest text of a double takes several times as long.
 */
export function numberText(value: number): string {
  let digits = Math.round(value * decimals);
  if (!(value >= 1e-6 && value < 1) || digits / decimals !== value) return String(value);
  let length = 7;
  for (; digits % 10 === 0; digits /= 10) length--;
  return `0.${String(digits).padStart(length, "0")}`;
}

function listText(list: readonly unknown[], member: Write): string {
  let text = "[";
  for (let n = 0; n < list.length; n++) {
    const written = member(list[n]) ?? "null";
    text += n === 0 ? written : `,${written}`;
  }
  return `${text}]`;
}

function structureWriter(shape: Shape, writer: (use: ShapeUse) => Write, other: Write): Write {
  const members = membersOf(shape).map(([name, use]) => {
    const key = `${JSON.stringify(jsonDialect.memberKey(name, use))}:`;
    return { name, key, write: writer(use) };
  });
  return (value) => {
    if (!isPlainObject(value)) return other(value);
    let text = "";
    for (const { name, key, write } of members) {
      const member = value[name];
      if (member === undefined || member === null) continue;
      const written = write(member);
      if (written !== undefined) text += text === "" ? key + written : `,${key}${written}`;
    }
    return `{${text}}`;
  };
}
