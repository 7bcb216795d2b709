/** Generated documentation says what the code says, and links lead somewhere. */
import { describe, expect, it } from "@jest/globals";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { configPage, configSchema, policyTable } from "../../local/build/config-reference.ts";
import { events, eventsPage } from "../../local/build/events-reference.ts";
import { reasonCodes } from "../../pipeline/gate/evidence.ts";
import { root, sourcesIn } from "../support/sources.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Prettier pads tables, escapes and breaks lines of JSON; what is said is what counts. */
const plain = (markdown: string): string =>
  markdown
    .replace(/-{3,}/g, "---")
    .replace(/[ \n]+/g, " ")
    .replace(/ ?([[\]{}]) ?/g, "$1")
    .trim();

describe("the configuration's reference", () => {
  it.each([
    { page: "docs/config.md", part: configPage(), why: "it is generated as a whole" },
    { page: "docs/events.md", part: eventsPage(), why: "it is generated as a whole" },
    { page: "docs/guides/gate.md", part: policyTable(), why: "its policy table is generated" },
  ])("$page is up to date ($why; run `npm run docs`)", ({ page, part }) => {
    expect(plain(read(page))).toContain(plain(part));
  });

  it("docs/outrank.schema.json is up to date (run `npm run docs`)", () => {
    expect(JSON.parse(read("docs/outrank.schema.json"))).toEqual(JSON.parse(JSON.stringify(configSchema())));
  });
});

describe("the examples of events", () => {
  it.each(events)("$name is what its schema says, and no more", ({ schema, example }) => {
    expect(schema.parse(example)).toEqual(example);
  });
});

describe("the guide to the gate", () => {
  it("explains exactly the reason codes there are", () => {
    const explained = [...read("docs/guides/gate.md").matchAll(/^\| `([A-Z_]+)`/gm)].map((match) => match[1]);

    expect(explained.sort()).toEqual([...reasonCodes].sort());
  });
});

describe("the guide to operating", () => {
  it("explains every error that the machines' own states and Lambdas give a failed execution", () => {
    const machines = ["retrain", "cleanup"].map((name) => read(`state-machines/${name}.asl.json`)).join("\n");
    const inMachine = [...machines.matchAll(/"Error": "([A-Za-z]+)"/g)].map((match) => match[1] ?? "");
    const thrown = sourcesIn(["pipeline", "lambdas"], [".ts"]).flatMap(({ text }) =>
      [...text.matchAll(/override readonly name = "([A-Za-z]+)"/g)].map((match) => match[1] ?? ""),
    );
    const known = [...new Set([...inMachine, ...thrown])].filter((name) => name !== "ConfigurationRefused");
    const page = read("docs/guides/operating.md");

    expect(known.length).toBeGreaterThan(5);
    expect(known.filter((name) => !page.includes(`| \`${name}\``))).toEqual([]);
  });
});

describe("links in the documentation", () => {
  const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "state-machines/README.md"].filter((page) =>
    existsSync(join(root, page)),
  );

  it.each([
    ...pages.map((path) => ({ path })),
    ...sourcesIn(["docs", "examples"], [".md"]).map(({ path }) => ({ path })),
  ])("of $path lead to files that exist", ({ path }) => {
    const targets = [...read(path).matchAll(/(?:\]\(|src(?:set)?=")([^)"#\s]+)/g)].map((match) => match[1] ?? "");
    const local = targets.filter((target) => !/^[a-z]+:/.test(target));

    expect(local.filter((target) => !existsSync(join(root, dirname(path), target)))).toEqual([]);
  });
});
