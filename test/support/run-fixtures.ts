/** A configuration, a run and evidence as small as they can be, for tests that change one thing about them. */
import { plainOptions } from "../../pipeline/planning/run-options.ts";
import { createHash } from "node:crypto";
import { profiles } from "../../pipeline/config/decision-policy.ts";
import { type OutrankConfigInput, resolveConfig } from "../../pipeline/config/outrank-config.ts";
import type { Evidence, TrainedVersion } from "../../pipeline/gate/evidence.ts";
import { type PlanRequest, planRun } from "../../pipeline/planning/plan-run.ts";
import type { Run } from "../../pipeline/planning/run.ts";

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const record = (name: string, fields: readonly (readonly [string, string])[]) => ({
  type: "record" as const,
  name,
  fields: fields.map(([column, type]) => ({ name: column, type: type as "string" })),
});

export const interactionsSchema = record("Interactions", [
  ["USER_ID", "string"],
  ["ITEM_ID", "string"],
  ["TIMESTAMP", "long"],
  ["EVENT_TYPE", "string"],
]);

export const itemsSchema = record("Items", [
  ["ITEM_ID", "string"],
  ["PRICE", "float"],
]);

export const configInput = (): OutrankConfigInput => ({
  datasetGroups: [
    {
      name: "shop",
      datasets: { interactions: { schema: interactionsSchema }, items: { schema: itemsSchema } },
      solutions: [{ name: "for-you", recipe: "aws-user-personalization-v2" }],
    },
  ],
});

export const noFiles = (path: string): never => {
  throw new Error(`this test reads no file, not even ${path}`);
};

export const executionArn = "arn:aws:states:us-east-1:000000000000:execution:outrank-shop:first";

export function planRequest(overrides: Partial<PlanRequest> = {}, config = configInput()): PlanRequest {
  const { project, datasetGroups } = resolveConfig(config, noFiles);
  const [group] = datasetGroups;
  if (group === undefined) throw new Error("the fixture has a group");
  return {
    project,
    group,
    place: { partition: "aws", region: "us-east-1", account: "000000000000" },
    bucket: "data",
    kmsKeyArn: null,
    tags: {},
    importRoleArn: "arn:aws:iam::000000000000:role/import",
    execution: { arn: executionArn, name: "first", startedAt: "2026-11-24T03:00:00.000Z" },
    stateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:outrank-shop",
    trigger: { type: "manual", id: null, objectKey: null, objectVersion: null, objectEtag: null, actor: null },
    options: plainOptions,
    ...overrides,
  };
}

export const aRun = (overrides: Partial<PlanRequest> = {}, config = configInput()): Run =>
  planRun(planRequest(overrides, config), sha256);

const solutionArn = "arn:aws:personalize:us-east-1:000000000000:solution";

export const aVersion = (name: string, ndcg: number, more: Partial<TrainedVersion> = {}): TrainedVersion => ({
  solutionVersionArn: `${solutionArn}/${name}/0a1b2c3d`,
  recipe: "aws-user-personalization-v2",
  status: "ACTIVE",
  failureReason: null,
  trainedAt: "2026-11-24T03:30:00.000Z",
  metrics: { coverage: 0.2, precision_at_25: 0.05, normalized_discounted_cumulative_gain_at_25: ndcg },
  importJobArns: ["job/interactions", "job/items"],
  ...more,
});

/** A candidate at 0.30 against a baseline at 0.20 on a first run with 2,000 users: wins under the default policy. */
export const evidence = (overrides: Partial<Evidence> = {}): Evidence => ({
  candidate: aVersion("candidate", 0.3),
  baseline: aVersion("baseline", 0.2, { recipe: "aws-popularity-count" }),
  incumbent: null,
  sample: { interactions: 100_000, users: 2_000, usersWithTwo: 2_000 },
  policy: profiles.default,
  force: null,
  decidedAt: "2026-11-24T04:00:00.000Z",
  ...overrides,
});
