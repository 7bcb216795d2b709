/** Filters of a path, `[?(@.price < 10 && @.tag == 'new')]`: comparisons and existence, joined by && and ||. */
import { isObject, type Json } from "../../json.ts";
import { scanSteps, valuesAt, type Path } from "./path.ts";
import type { Scanner } from "./scanner.ts";

export type Filter = (candidate: Json) => boolean;

export function parseFilter(scanner: Scanner): Filter {
  scanner.expect("(");
  const filter = parseAny(scanner);
  scanner.blanks();
  scanner.expect(")");
  return filter;
}

function parseAny(scanner: Scanner): Filter {
  const alternatives = [parseAll(scanner)];
  while (scanner.match(/\s*\|\|/) !== undefined) alternatives.push(parseAll(scanner));
  return (candidate) => alternatives.some((filter) => filter(candidate));
}

function parseAll(scanner: Scanner): Filter {
  const conditions = [parseCondition(scanner)];
  while (scanner.match(/\s*&&/) !== undefined) conditions.push(parseCondition(scanner));
  return (candidate) => conditions.every((filter) => filter(candidate));
}

function parseCondition(scanner: Scanner): Filter {
  scanner.blanks();
  if (scanner.take("!")) {
    const inner = parseCondition(scanner);
    return (candidate) => !inner(candidate);
  }
  if (scanner.take("(")) {
    const inner = parseAny(scanner);
    scanner.blanks();
    scanner.expect(")");
    return inner;
  }
  scanner.expect("@");
  const left: Path = scanSteps(scanner, "@");
  const operator = scanner.match(/\s*(?:==|!=|<=|>=|<|>)\s*/)?.trim();
  if (operator === undefined) return (candidate) => valuesAt(left.steps, candidate).length > 0;
  const right = literal(scanner);
  return (candidate) => {
    const [value] = valuesAt(left.steps, candidate);
    return value !== undefined && holds(operator, value, right);
  };
}

function literal(scanner: Scanner): Json {
  const text = scanner.quoted();
  if (text !== undefined) return text;
  const word = scanner.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/);
  if (word === undefined) throw scanner.fault("a number, a text in quotes, true, false or null");
  return JSON.parse(word) as Json;
}

function holds(operator: string, left: Json, right: Json): boolean {
  if (operator === "==") return left === right;
  if (operator === "!=") return left !== right;
  const comparable = typeof left === typeof right && !isObject(left) && left !== null && right !== null;
  if (!comparable) return false;
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  return operator === ">" ? left > right : left >= right;
}
