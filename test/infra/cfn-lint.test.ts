/** CloudFormation's own linter over every template there is, where it is installed (pip install cfn-lint). */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../infra/synthesize.ts";
import { everythingConfig } from "../support/everything.ts";
import { demoConfig, emptyHandlers } from "../support/synthesized.ts";

const isInstalled = spawnSync("cfn-lint", ["--version"]).status === 0;
const withCfnLint = isInstalled ? it : it.skip;

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "outrank-cfn-lint-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** W3005: a DependsOn beside a reference that implies it; CDK writes both. */
const accepted = ["W3005"];

describe(isInstalled ? "cfn-lint" : "cfn-lint (skipped: no cfn-lint)", () => {
  withCfnLint.each([
    { what: "that ships", config: demoConfig() },
    { what: "with everything named", config: everythingConfig() },
  ])(
    "has nothing to say about the stack $what",
    ({ what, config }) => {
      const outdir = join(folder, what.replaceAll(" ", "-"));
      synthesize({ config, handlers: emptyHandlers(folder), outdir });
      const templates = readdirSync(outdir).filter((name) => name.endsWith(".template.json"));
      const run = spawnSync("cfn-lint", ["--ignore-checks", ...accepted, "--", ...templates], {
        ...{ encoding: "utf8", cwd: outdir },
      });

      expect(templates.length).toBeGreaterThan(0);
      expect({ stdout: run.stdout, status: run.status }).toEqual({ stdout: "", status: 0 });
    },
    60_000,
  );
});
