/** `npx cdk synth` as a person types it who has no credentials. */
import { afterAll, expect, it } from "@jest/globals";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../local/cloud/project-root.ts";
import { begin, scratch } from "../support/command-line.ts";

const place = scratch();
afterAll(() => place.remove());

it("npx cdk synth writes the template without credentials and without a word on stderr", async () => {
  const output = join(place.path, "cdk.out");
  const noAccount = {
    AWS_CONFIG_FILE: join(place.path, "none"),
    AWS_SHARED_CREDENTIALS_FILE: join(place.path, "none"),
  };
  const cdk = join(projectRoot(), "node_modules", "aws-cdk", "bin", "cdk");

  const args = [cdk, "synth", "--quiet", "--no-notices", "--output", output];
  const { code, stderr } = await begin(process.execPath, args, projectRoot(), noAccount).finished;

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const file = join(output, "Outrank.template.json");
  expect(existsSync(file)).toBe(true);
  expect(Object.keys(JSON.parse(readFileSync(file, "utf8")) as object)).toContain("Resources");
}, 120_000);
