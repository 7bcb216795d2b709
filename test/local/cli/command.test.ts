import { describe, expect, it } from "@jest/globals";
import { type Command, helpOf, parse, UsageError } from "../../../local/cli/command.ts";

const example: Command = {
  summary: "an example",
  positionals: [{ name: "DIR", help: "a folder" }],
  options: {
    port: { type: "string", value: "N", default: "4566", help: "where to listen" },
    once: { type: "boolean", help: "stop afterwards" },
  },
  run: async () => 0,
};

describe("parse", () => {
  it("fills in defaults and reads what was given", () => {
    const args = parse("example", example, ["here", "--once"]);

    expect({ words: args.positionals, once: args.flag("once"), port: args.number("port") }).toEqual({
      words: ["here"],
      once: true,
      port: 4566,
    });
  });

  it.each([
    {
      why: "a misspelt option",
      args: ["here", "--prot", "1"],
      says: "Unknown option '--prot'. See: outrank example --help",
    },
    {
      why: "a word too few",
      args: [],
      says: "outrank example wants DIR besides its options, got none. See: outrank example --help",
    },
    {
      why: "a word too many",
      args: ["a", "b"],
      says: "outrank example wants DIR besides its options, got a b. See: outrank example --help",
    },
  ])("refuses $why with the remedy", ({ args, says }) => {
    expect(() => parse("example", example, args)).toThrow(says);
    expect(() => parse("example", example, args)).toThrow(UsageError);
  });

  it.each([
    { given: "x", says: '--port wants a whole number from 0 to 65535, got "x"' },
    { given: "1.5", says: '--port wants a whole number from 0 to 65535, got "1.5"' },
    { given: "70000", says: '--port wants a whole number from 0 to 65535, got "70000"' },
    { given: " ", says: '--port wants a whole number from 0 to 65535, got " "' },
  ])("refuses the port $given", ({ given, says }) => {
    const args = parse("example", example, ["here", `--port=${given}`]);

    expect(() => args.number("port", { max: 65_535 })).toThrow(new UsageError(says));
  });
});

describe("helpOf", () => {
  it("is made from the declaration", () => {
    expect(helpOf("example", example).split("\n")).toEqual([
      "outrank example DIR [options]: an example",
      "",
      "  DIR       a folder",
      "  --port N  where to listen (default 4566)",
      "  --once    stop afterwards",
      "  --help    show this",
    ]);
  });
});
