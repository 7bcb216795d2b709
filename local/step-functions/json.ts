/** JSON as the interpreter holds it, its text as Step Functions writes it (compact), and the service's size limit. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** 256 KiB of UTF-8: the most that a state's input, output, arguments or one variable may have. */
export const maxDataBytes = 262_144;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function textOf(value: Json): string {
  return JSON.stringify(value);
}

export function exceedsLimit(text: string): boolean {
  // A UTF-16 unit takes at most three bytes in UTF-8, so short texts need no counting.
  return text.length * 3 > maxDataBytes && Buffer.byteLength(text) > maxDataBytes;
}

/** The JSON kind as error messages name it. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
