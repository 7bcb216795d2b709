/**
 * JSONPath, the part that the Amazon States Language uses: members, indexes, wildcards, slices, unions, descendants and
 * filters. A path that can name many values gives a list, empty where something is missing; a path that names one value
 * fails there (fact 25).
 */
import { isObject, type Json } from "../../json.ts";
import { parseFilter, type Filter } from "./filter.ts";
import { createScanner, type Scanner } from "./scanner.ts";

type Selector =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "all" }
  | { readonly kind: "slice"; readonly from?: number; readonly to?: number; readonly step: number }
  | { readonly kind: "filter"; readonly filter: Filter };

interface Step {
  readonly selectors: readonly Selector[];
  /** `..`: at any depth below. */
  readonly descends: boolean;
}

export interface Path {
  /** "$" the input, "$$" the context object, else a variable's name. */
  readonly root: string;
  readonly steps: readonly Step[];
  /** Names one value at most. */
  readonly isDefinite: boolean;
}

/** Throws SyntaxError with the place of the fault. */
export function parsePath(text: string): Path {
  const scanner = createScanner(text);
  const path = scanPath(scanner);
  if (!scanner.atEnd()) throw scanner.fault("the end of the path");
  return path;
}

/** Reads a path from where the scanner stands; intrinsics hold paths among their arguments. */
export function scanPath(scanner: Scanner): Path {
  scanner.expect("$");
  const root = scanner.take("$") ? "$$" : (scanner.match(/[A-Za-z_]\w*/y) ?? "$");
  return scanSteps(scanner, root);
}

export function scanSteps(scanner: Scanner, root: string): Path {
  const steps: Step[] = [];
  for (;;) {
    const descends = scanner.take("..");
    if (descends || scanner.take(".")) steps.push({ selectors: [scanMember(scanner, descends)], descends });
    else if (scanner.take("[")) steps.push({ selectors: scanBracket(scanner), descends: false });
    else break;
  }
  const isDefinite = steps.every(
    ({ selectors, descends }) => !descends && selectors.length === 1 && /name|index/.test(selectors[0]?.kind ?? ""),
  );
  return { root, steps, isDefinite };
}

function scanMember(scanner: Scanner, descends: boolean): Selector {
  if (scanner.take("*")) return { kind: "all" };
  if (descends && scanner.take("[")) return scanBracket(scanner)[0] ?? { kind: "all" };
  const name = scanner.match(/[^\s.[\](),'"*?@$&|!<>=]+/y);
  if (name === undefined) throw scanner.fault("a member's name");
  return { kind: "name", name };
}

function scanBracket(scanner: Scanner): Selector[] {
  const selectors: Selector[] = [];
  do {
    scanner.blanks();
    selectors.push(scanSelector(scanner));
    scanner.blanks();
  } while (scanner.take(","));
  scanner.expect("]");
  return selectors;
}

function scanSelector(scanner: Scanner): Selector {
  if (scanner.take("*")) return { kind: "all" };
  if (scanner.take("?")) return { kind: "filter", filter: parseFilter(scanner) };
  const name = scanner.quoted();
  if (name !== undefined) return { kind: "name", name };
  const slice = scanner.match(/-?\d*\s*:\s*-?\d*(?:\s*:\s*-?\d+)?/y);
  if (slice !== undefined) {
    const [from, to, step] = slice.split(":").map((part) => (part.trim() === "" ? undefined : Number(part)));
    return { kind: "slice", step: step ?? 1, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  }
  const index = scanner.match(/-?\d+/y);
  if (index === undefined) throw scanner.fault("an index, a name in quotes, a slice, a filter or *");
  return { kind: "index", index: Number(index) };
}

/** All values that the steps name, starting at `root`. */
export function valuesAt(steps: readonly Step[], root: Json): readonly Json[] {
  return steps.reduce<readonly Json[]>(
    (values, { selectors, descends }) =>
      values
        .flatMap((value) => (descends ? withDescendants(value) : [value]))
        .flatMap((value) => selectors.flatMap((selector) => select(selector, value, descends))),
    [root],
  );
}

const childrenOf = (value: Json): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : isObject(value) ? Object.values(value) : [];

function withDescendants(value: Json): Json[] {
  return [value, ...childrenOf(value).flatMap(withDescendants)];
}

function select(selector: Selector, value: Json, descends: boolean): readonly Json[] {
  switch (selector.kind) {
    case "name":
      return isObject(value) && Object.hasOwn(value, selector.name) ? [value[selector.name] as Json] : [];
    case "index": {
      const item = Array.isArray(value) ? (value as readonly Json[]).at(selector.index) : undefined;
      return item === undefined ? [] : [item];
    }
    case "all":
      return childrenOf(value);
    case "slice":
      return Array.isArray(value) ? slice(value as readonly Json[], selector) : [];
    case "filter":
      return filtered(selector.filter, value, descends);
  }
}

/** As the service's library has it: of a list the items that pass, but an object itself. Below `..` lists leave their items to themselves. */
function filtered(filter: Filter, value: Json, descends: boolean): readonly Json[] {
  if (Array.isArray(value)) return descends ? [] : (value as readonly Json[]).filter(filter);
  return isObject(value) && filter(value) ? [value] : [];
}

function slice(items: readonly Json[], { from, to, step }: Extract<Selector, { kind: "slice" }>): Json[] {
  const { length } = items;
  const bound = (value: number) => Math.min(length, Math.max(0, value < 0 ? length + value : value));
  const picked: Json[] = [];
  if (step > 0) {
    for (let index = bound(from ?? 0); index < bound(to ?? length); index += step) picked.push(items[index] as Json);
  }
  return picked;
}
