/** First state of every run: reads the trigger, and resolves the configuration into a run that the execution carries. */
import * as z from "zod";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import type { Tags } from "../../pipeline/config/tags.ts";
import type { Digest, Place } from "../../pipeline/naming/names.ts";
import { planRun } from "../../pipeline/planning/plan-run.ts";
import type { Run } from "../../pipeline/planning/run.ts";
import { readTrigger } from "../../pipeline/planning/trigger.ts";

const Input = z.object({
  input: z.unknown(),
  execution: z.object({ arn: z.string(), name: z.string(), startedAt: z.string() }),
  stateMachineArn: z.string(),
});

export interface PlanTheRunDeps {
  readonly project: string;
  readonly group: DatasetGroup;
  readonly bucket: string;
  readonly importRoleArn: string;
  readonly kmsKeyArn: string | null;
  readonly tags: Tags;
  readonly digest: Digest;
}

/** `arn:aws:states:eu-central-1:123456789012:execution:...` tells where we are; no call needed. */
function placeOf(executionArn: string): Place {
  const [, partition = "", , region = "", account = ""] = executionArn.split(":");
  return { partition, region, account };
}

export const makeHandler =
  ({ digest, ...configured }: PlanTheRunDeps) =>
  async (event: unknown): Promise<Run> => {
    const { input, execution, stateMachineArn } = Input.parse(event);
    const { trigger, options } = readTrigger(input, digest);
    const place = placeOf(execution.arn);
    return planRun({ ...configured, place, execution, stateMachineArn, trigger, options }, digest);
  };
