/** Files stay under 300 lines and functions under 40; who is excused is named here with the reason. */
import { describe, expect, it } from "@jest/globals";
import ts from "typescript";
import { sourcesIn } from "../support/sources.ts";

const maxFileLines = 300;
const maxFunctionLines = 40;

/** path or path#function -> why it may be longer. */
const excused: Readonly<Record<string, string>> = {};

const files = sourcesIn(["pipeline", "lambdas", "infra", "local", "bench"], [".ts"]);

/** Functions with a block body: name, first line, length in lines. Makers that only hold nested functions count their own lines. */
function functionsOf(path: string, text: string) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found: { name: string; line: number; length: number }[] = [];
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node: ts.Node): number => {
    let nested = 0;
    node.forEachChild((child) => void (nested += visit(child)));
    const isFunction = ts.isFunctionLike(node) && "body" in node && node.body && ts.isBlock(node.body);
    if (!isFunction) return nested;
    const body = node.body;
    const length = lineOf(body.end) - lineOf(body.getStart()) + 1;
    const name =
      node.name?.getText() ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : "anonymous");
    found.push({ name, line: lineOf(node.getStart()), length: length - nested });
    return length;
  };
  visit(source);
  return found;
}

describe("sizes", () => {
  it(`no file is longer than ${maxFileLines} lines without an excuse`, () => {
    const faults = files
      .filter(({ path, text }) => text.split("\n").length - 1 > maxFileLines && !(path in excused))
      .map(({ path, text }) => `${path}: ${text.split("\n").length - 1} lines; split it by what it does`);
    expect(faults).toEqual([]);
  });

  it(`no function is longer than ${maxFunctionLines} lines of its own without an excuse`, () => {
    const faults = files.flatMap(({ path, text }) =>
      functionsOf(path, text)
        .filter(({ name, length }) => length > maxFunctionLines && !(`${path}#${name}` in excused))
        .map(({ name, line, length }) => `${path}:${line} ${name}: ${length} lines; name its parts`),
    );
    expect(faults).toEqual([]);
  });
});
