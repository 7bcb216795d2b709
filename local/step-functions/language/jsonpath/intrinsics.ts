/** Intrinsic functions, `States.Format('{}', $.x)`: parsed, and evaluated over a scope (facts 27, 28, 29). */
import type { Json } from "../../json.ts";
import { runtimeFailure } from "../failure.ts";
import type { Scope } from "../language.ts";
import { intrinsicFunctions, type Intrinsic } from "./intrinsic-functions.ts";
import { scanPath, type Path } from "./path.ts";
import { lookUp } from "./roots.ts";
import { createScanner, type Scanner } from "./scanner.ts";

type Argument =
  | { readonly kind: "literal"; readonly value: Json }
  | { readonly kind: "path"; readonly path: Path }
  | { readonly kind: "call"; readonly call: IntrinsicCall };

export interface IntrinsicCall {
  readonly name: string;
  readonly run: Intrinsic;
  readonly arguments: readonly Argument[];
}

export const isIntrinsic = (text: string) => text.startsWith("States.");

/** Throws SyntaxError. */
export function parseIntrinsic(text: string): IntrinsicCall {
  const scanner = createScanner(text);
  const call = scanCall(scanner);
  scanner.blanks();
  if (!scanner.atEnd()) throw scanner.fault("the end of the intrinsic");
  return call;
}

function scanCall(scanner: Scanner): IntrinsicCall {
  const name = scanner.match(/States\.\w+/) ?? "";
  const run = Object.hasOwn(intrinsicFunctions, name) ? intrinsicFunctions[name] : undefined;
  if (!run) throw scanner.fault("the name of an intrinsic function");
  scanner.expect("(");
  scanner.blanks();
  const list: Argument[] = [];
  if (!scanner.take(")")) {
    do {
      scanner.blanks();
      list.push(scanArgument(scanner));
      scanner.blanks();
    } while (scanner.take(","));
    scanner.expect(")");
  }
  return { name, run, arguments: list };
}

function scanArgument(scanner: Scanner): Argument {
  const raw = scanner.match(/'(?:[^'\\]|\\[\s\S])*'/);
  if (raw !== undefined) return { kind: "literal", value: unescaped(raw.slice(1, -1), scanner) };
  const word = scanner.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true\b|false\b|null\b/);
  if (word !== undefined) return { kind: "literal", value: JSON.parse(word) as Json };
  if (scanner.match(/(?=States\.)/) !== undefined) return { kind: "call", call: scanCall(scanner) };
  return { kind: "path", path: scanPath(scanner) };
}

/** Quotes, braces and backslashes may be escaped, nothing else (fact 29). The escape of a brace is Format's to read. */
function unescaped(text: string, scanner: Scanner): string {
  return text.replace(/\\([\s\S])/g, (escape, character: string) => {
    if (character === "'" || character === "\\") return character;
    if (character === "{" || character === "}") return escape;
    throw scanner.fault("\\', \\\\, \\{ or \\} as escapes");
  });
}

export function evaluateIntrinsic(call: IntrinsicCall, scope: Scope): Json {
  const values = call.arguments.map((argument): Json => {
    if (argument.kind === "literal") return argument.value;
    if (argument.kind === "call") return evaluateIntrinsic(argument.call, scope);
    const found = lookUp(argument.path, scope);
    if (found === undefined) throw runtimeFailure(`${call.name} refers to a path that was not found in the input`);
    return found;
  });
  return call.run(values, scope.moment);
}
