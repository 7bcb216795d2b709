/**
 * The constraints of one value and AWS's sentences about them. Each function returns what the value must do and does not,
 * worded as in "Value '…' at '…' failed to satisfy constraint: <sentence>".
 */
import { matcherOf, type Shape } from "./model.ts";

export const mustNotBeNull = "Member must not be null";

/** Constraints of a scalar, or of a collection's size; not those of what is inside. */
export function brokenConstraints(shape: Shape, value: unknown): string[] {
  const sentences = [...brokenBounds(shape, value)];
  if (typeof value !== "string") return sentences;
  if (shape.pattern !== undefined && !(shape.matcher ?? matcherOf(shape.pattern)).test(value)) {
    sentences.push(`Member must satisfy regular expression pattern: ${shape.pattern}`);
  }
  if (shape.enum && !shape.enum.includes(value)) {
    sentences.push(`Member must satisfy enum value set: [${shape.enum.join(", ")}]`);
  }
  return sentences;
}

function brokenBounds(shape: Shape, value: unknown): string[] {
  const size = sizeOf(value);
  if (size === undefined) return [];
  const what = typeof value === "number" ? "value" : "length";
  const sentences: string[] = [];
  if (shape.min !== undefined && size < shape.min) {
    sentences.push(`Member must have ${what} greater than or equal to ${shape.min}`);
  }
  if (shape.max !== undefined && size > shape.max) {
    sentences.push(`Member must have ${what} less than or equal to ${shape.max}`);
  }
  return sentences;
}

/** What `min` and `max` count: the number itself, characters, bytes, members. */
function sizeOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return isPlainObject(value) ? Object.keys(value).length : undefined;
}

/** A JSON object: not a list, a date, bytes or a stream. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  if (Object.getPrototypeOf(value) === Object.prototype) return true; // nearly always, and quickly told
  return Object.prototype.toString.call(value) === "[object Object]" && !isClassInstance(value);
}

/** Prototypes are compared by their depth, not identity: objects of another realm (a worker, a test's) are plain too. */
function isClassInstance(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && Object.getPrototypeOf(prototype) !== null;
}

/** A value as Java prints it in these messages. */
export function printed(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printed).join(", ")}]`;
  if (value instanceof Date) return value.toISOString();
  if (isPlainObject(value)) {
    const entries = Object.entries(value).map(([key, member]) => `${key}=${printed(member)}`);
    return `{${entries.join(", ")}}`;
  }
  return String(value);
}
