/** The values a request gives for the placeholders of a filter: `{"GENRE": "\"comedy\",\"drama\""}`, numbers plain. Pure. */
import { InvalidInputException } from "../errors.ts";
import type { Filter, Test } from "./filter-expression.ts";

/** A comma list: quoted strings without their quotes, the rest as it stands. */
export function valuesOf(text: string): string[] {
  const values: string[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^,"']+))\s*(?:,|$)/y;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) {
      throw new InvalidInputException(
        `The filter values ${JSON.stringify(text.slice(at))} are not a list of quoted strings or numbers, e.g. "\\"comedy\\",\\"drama\\"".`,
      );
    }
    values.push((match[1] ?? match[2])?.replace(/\\(.)/g, "$1") ?? match[3]?.trim() ?? "");
  }
  return values;
}

const placeholderOf = (test: Test): string | undefined => {
  const part = test.kind === "membership" ? test.list : test.operand;
  return part.kind === "placeholder" ? part.name : undefined;
};

/**
 * The expressions that count with these values. One of INCLUDE needs all its placeholders; one of EXCLUDE
 * without a value is left out.
 */
export function withValues(filter: Filter, values: Readonly<Record<string, string>>): Filter {
  const known = placeholdersOf(filter);
  const stranger = Object.keys(values).find((name) => !known.has(name));
  if (stranger !== undefined) {
    throw new InvalidInputException(
      `The filter has no placeholder $${stranger}. It has: ${[...known].join(", ") || "none"}.`,
    );
  }
  const expressions = filter.expressions.filter((expression) => {
    const tests = [...expression.alternatives.flat(), ...expression.onlyIf].map(({ test }) => test);
    const missing = tests.map(placeholderOf).find((name) => name !== undefined && !(name in values));
    if (missing === undefined) return true;
    if (expression.kind === "exclude") return false;
    throw new InvalidInputException(`The filter needs a value for its placeholder $${missing} in filterValues.`);
  });
  return { expressions };
}

function placeholdersOf(filter: Filter): Set<string> {
  const tests = filter.expressions.flatMap(({ alternatives, onlyIf }) => [...alternatives.flat(), ...onlyIf]);
  return new Set(tests.flatMap(({ test }) => placeholderOf(test) ?? []));
}
