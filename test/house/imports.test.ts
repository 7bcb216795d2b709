/** The table of allowed imports. Not listed means forbidden; the message says where the rule comes from. */
import { describe, expect, it } from "@jest/globals";
import { posix } from "node:path";
import { sourcesIn, type Source } from "../support/sources.ts";

interface Rule {
  readonly from: RegExp;
  /** What a file there may import: project paths and package names. */
  readonly may: readonly RegExp[];
  readonly why: string;
}

const sdk = /^(@aws-sdk|@smithy)\//;
const node = /^node:/;
const ports = /^local\/cloud\/(ports\/|project-root)/;

/** The first rule that matches a file decides. */
const rules: readonly Rule[] = [
  { from: /^pipeline\//, may: [/^pipeline\//, /^zod$/], why: "the domain is pure: zod and itself" },
  {
    from: /^lambdas\/lib\//,
    may: [/^lambdas\/lib\//, /^pipeline\//, sdk, /^zod$/, node],
    why: "what handlers share knows no handler",
  },
  {
    from: /^lambdas\/[^/]+\//,
    may: [/^lambdas\/(lib|SELF)\//, /^pipeline\//, sdk, /^zod$/, node],
    why: "a Lambda knows the domain, lambdas/lib and SDK clients, never another Lambda",
  },
  {
    from: /^infra\//,
    may: [/^infra\//, /^pipeline\//, /^aws-cdk-lib/, /^constructs$/, /^cdk-nag$/, node, /^zod$/],
    why: "infra names code by path, never imports it; local/ does not exist for it",
  },
  { from: /^local\/kernels\//, may: [/^local\/kernels\//], why: "kernels can be lifted into another project" },
  {
    from: /^local\/recipes\//,
    may: [/^local\/(recipes|kernels)\//, ports, node],
    why: "recipes see columnar data and kernels, nothing else; above all not the simulator",
  },
  {
    from: /^local\/cloud\/boot\//,
    may: [/^local\/(?!cli|console|shop)/, node],
    why: "boot wires all services together",
  },
  {
    from: /^local\/cloud\//,
    may: [/^local\/cloud\//, node, sdk, /^zod$/],
    why: "the cloud's core knows no service; they meet in boot/",
  },
  { from: /^local\/shop\//, may: [/^local\/shop\//, node], why: "the simulator's hidden state stays hidden" },
  {
    from: /^local\/personalize\//,
    may: [/^local\/(personalize|recipes|kernels)\//, ports, node, sdk, /^zod$/],
    why: "Personalize meets other services through ports",
  },
  {
    from: /^local\/build\//,
    may: [/^local\/build\//, /^pipeline\/(config|events)\//, node, /^zod$/],
    why: "the build makes the references of configuration and events from their schemas",
  },
  {
    from: /^local\/cli\//,
    may: [/^local\//, /^pipeline\//, /^infra\/(synthesize|read-config)\.ts$/, sdk, node, /^zod$/],
    why: "the command line starts everything; of infra only its front doors",
  },
  {
    from: /^local\/[^/]+\//,
    may: [/^local\/SELF\//, ports, node, sdk, /^zod$/, /^jsonata$/],
    why: "a service knows its own folder and the ports",
  },
  { from: /^bench\//, may: [/./], why: "benchmarks measure anything" },
];

/** Imports as written: static, re-export, dynamic; `import type` of an SDK package is a shape, allowed wherever SDKs are. */
function importsOf({ path, text }: Source): string[] {
  const found = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([\w@.:/-]+)"/g)].map((match) => match[1] ?? "");
  return found.map((name) => (name.startsWith(".") ? posix.normalize(posix.join(posix.dirname(path), name)) : name));
}

function allowed(rule: Rule, path: string, imported: string): boolean {
  const self = path.split("/")[1] ?? "";
  return rule.may.some((pattern) => new RegExp(pattern.source.replace("SELF", self)).test(imported));
}

describe("imports", () => {
  const files = sourcesIn(["pipeline", "lambdas", "infra", "local", "bench"], [".ts", ".tsx"]);

  it("go only where the table allows", () => {
    const faults = files.flatMap((file) => {
      const rule = rules.find(({ from }) => from.test(file.path));
      if (!rule) return [`${file.path}: no rule covers this folder; add one to test/house/imports.test.ts`];
      return importsOf(file)
        .filter((imported) => !allowed(rule, file.path, imported))
        .map((imported) => `${file.path} imports ${imported}: ${rule.why}`);
    });
    expect(faults).toEqual([]);
  });

  it("of zod are star imports, which keep a Lambda's bundle five times smaller", () => {
    const faults = files.filter(({ text }) => /import\s*\{[^}]*\}\s*from "zod"/.test(text)).map(({ path }) => path);
    expect(faults).toEqual([]);
  });
});
