/** The estimate of a month counts what the template has. */
import { expect, it } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../infra/synthesize.ts";
import { watchers } from "../../pipeline/cost/month-cost.ts";
import { everythingConfig } from "../support/everything.ts";
import { demoConfig, emptyHandlers, ofType, resourcesIn } from "../support/synthesized.ts";

it.each([
  { what: "as it ships", config: demoConfig() },
  { what: "with everything named", config: everythingConfig() },
])("a stack $what has about as many alarms as the cost of a month counts, and not more", ({ config }) => {
  const folder = mkdtempSync(join(tmpdir(), "outrank-cost-"));
  const resources = resourcesIn(synthesize({ config, handlers: emptyHandlers(folder), outdir: join(folder, "out") }));
  rmSync(folder, { recursive: true, force: true });
  const counted = config.datasetGroups.reduce((sum, group) => sum + watchers(group).alarms, 0);
  const alarms = ofType(resources, "AWS::CloudWatch::Alarm").length;

  expect(alarms).toBeLessThanOrEqual(counted);
  expect(alarms).toBeGreaterThan(counted - 6);
  expect(ofType(resources, "AWS::CloudWatch::Dashboard")).toHaveLength(1);
});
