/** The intrinsic functions themselves, by name. Wrong arguments fail with States.IntrinsicFailure. */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { isObject, textOf, type Json } from "../../json.ts";
import { runtimeFailure } from "../failure.ts";
import type { Moment } from "../language.ts";

export type Intrinsic = (values: readonly Json[], moment: Moment) => Json;

const failure = (detail: string) => runtimeFailure(detail, "States.IntrinsicFailure");

function listIn(values: readonly Json[], position: number, name: string): readonly Json[] {
  const value = values[position];
  if (Array.isArray(value)) return value as readonly Json[];
  throw failure(`Argument ${position + 1} of ${name} must be an array`);
}

function textIn(values: readonly Json[], position: number, name: string): string {
  const value = values[position];
  if (typeof value === "string") return value;
  throw failure(`Argument ${position + 1} of ${name} must be a string`);
}

/** Rounded to a whole number, halves towards positive infinity (fact 27). */
function wholeIn(values: readonly Json[], position: number, name: string): number {
  const value = values[position];
  if (typeof value === "number") return Math.floor(value + 0.5);
  throw failure(`Argument ${position + 1} of ${name} must be a number`);
}

/** As the service prints a value inside a text: objects Java-style, texts bare (fact 29). */
function printed(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(printed).join(", ")}]`;
  if (typeof value === "string") return value;
  if (!isObject(value)) return textOf(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${name}=${printed(member)}`)
    .join(", ")}}`;
}

function format(values: readonly Json[]): string {
  const [, ...rest] = values;
  let used = 0;
  const text = textIn(values, 0, "States.Format").replace(/\\([{}])|\{\}/g, (_match, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const value = rest[used++];
    if (value === undefined) throw failure("States.Format has more {} than arguments");
    return printed(value);
  });
  if (used !== rest.length) throw failure("States.Format has more arguments than {}");
  return text;
}

/** "" and blanks are null (fact 29). */
function stringToJson(values: readonly Json[]): Json {
  const text = textIn(values, 0, "States.StringToJson");
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw failure(`States.StringToJson was given no JSON: ${(cause as Error).message}`);
  }
}

function arrayPartition(values: readonly Json[]): Json {
  const items = listIn(values, 0, "States.ArrayPartition");
  const size = wholeIn(values, 1, "States.ArrayPartition");
  if (size <= 0) throw failure("States.ArrayPartition needs a positive size");
  return Array.from({ length: Math.ceil(items.length / size) }, (_, piece) =>
    items.slice(piece * size, (piece + 1) * size),
  );
}

const longestRange = 1000;

/** The end is included (fact 28). */
function arrayRange(values: readonly Json[]): Json {
  const [first, last, step] = [0, 1, 2].map((position) => wholeIn(values, position, "States.ArrayRange")) as [
    number,
    number,
    number,
  ];
  if (step === 0) throw failure("States.ArrayRange needs a step other than 0");
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > longestRange) throw failure(`States.ArrayRange makes at most ${longestRange} elements`);
  return Array.from({ length }, (_, index) => first + index * step);
}

function arrayGetItem(values: readonly Json[]): Json {
  const index = wholeIn(values, 1, "States.ArrayGetItem");
  const item = listIn(values, 0, "States.ArrayGetItem")[index];
  if (item === undefined) throw failure(`States.ArrayGetItem found no element at ${index}`);
  return item;
}

function arrayUnique(values: readonly Json[]): Json {
  const items = listIn(values, 0, "States.ArrayUnique");
  return items.filter((item, index) => items.findIndex((other) => isDeepStrictEqual(item, other)) === index);
}

const algorithms: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

function hash(values: readonly Json[]): Json {
  const algorithm = algorithms[textIn(values, 1, "States.Hash")];
  if (!algorithm) throw failure("States.Hash knows MD5, SHA-1, SHA-256, SHA-384 and SHA-512");
  const [data] = values;
  return createHash(algorithm)
    .update(typeof data === "string" ? data : textOf(data ?? null))
    .digest("hex");
}

function jsonMerge(values: readonly Json[]): Json {
  const [first, second, deep] = values;
  if (!isObject(first) || !isObject(second)) throw failure("States.JsonMerge merges two objects");
  if (deep === true) throw failure("States.JsonMerge merges shallowly only: its third argument must be false");
  return { ...first, ...second };
}

function mathRandom(values: readonly Json[], { random }: Moment): Json {
  const start = wholeIn(values, 0, "States.MathRandom");
  const end = wholeIn(values, 1, "States.MathRandom");
  if (end <= start) throw failure("States.MathRandom needs an end greater than its start");
  return start + Math.floor(random() * (end - start));
}

/** The separator is a set of characters; empty pieces are dropped (fact 28). */
function stringSplit(values: readonly Json[]): Json {
  const separators = new Set(textIn(values, 1, "States.StringSplit"));
  const pieces = [""];
  for (const character of textIn(values, 0, "States.StringSplit")) {
    if (separators.has(character)) pieces.push("");
    else pieces[pieces.length - 1] += character;
  }
  return pieces.filter((piece) => piece !== "");
}

export const intrinsicFunctions: Readonly<Record<string, Intrinsic>> = {
  "States.Format": format,
  "States.StringToJson": stringToJson,
  "States.JsonToString": ([value = null]) => textOf(value),
  "States.Array": (values) => values,
  "States.ArrayPartition": arrayPartition,
  "States.ArrayContains": (values) =>
    listIn(values, 0, "States.ArrayContains").some((item) => isDeepStrictEqual(item, values[1])),
  "States.ArrayRange": arrayRange,
  "States.ArrayGetItem": arrayGetItem,
  "States.ArrayLength": (values) => listIn(values, 0, "States.ArrayLength").length,
  "States.ArrayUnique": arrayUnique,
  "States.Base64Encode": (values) => Buffer.from(textIn(values, 0, "States.Base64Encode")).toString("base64"),
  "States.Base64Decode": (values) => Buffer.from(textIn(values, 0, "States.Base64Decode"), "base64").toString("utf8"),
  "States.Hash": hash,
  "States.JsonMerge": jsonMerge,
  "States.MathRandom": mathRandom,
  "States.MathAdd": (values) => wholeIn(values, 0, "States.MathAdd") + wholeIn(values, 1, "States.MathAdd"),
  "States.StringSplit": stringSplit,
  "States.UUID": (_values, moment) => moment.uuid(),
};
