/**
 * A cleanup: what was asked for, with every name and ARN worked out, and the configuration as it was when it began. Made
 * once by the first state and carried in the execution, like a run.
 */
import * as z from "zod";
import { Retention } from "../config/cleanup.ts";
import type { DatasetGroup } from "../config/dataset-group.ts";
import {
  type Digest,
  groupPrefix,
  personalizeArn,
  type Place,
  retrainingMachineArn,
  runIdOf,
} from "../naming/names.ts";
import { planRun } from "../planning/plan-run.ts";
import { InputRefused, readTrigger, Trigger } from "../planning/trigger.ts";

/** What a person may pass; `{}` takes the whole group down. */
export const CleanupInput = z.strictObject({
  actor: z.string().min(1).optional().describe("who asks, for the record"),
  dryRun: z.boolean().default(false).describe("says what would be deleted, and deletes nothing"),
  includeForeign: z.boolean().default(false).describe("deletes what others made in this dataset group as well"),
  wait: z.boolean().default(false).describe("waits for a run in progress instead of ending as GroupBusy"),
  prune: z.boolean().default(false).describe("deletes only solutions that nothing uses any more"),
});
export type CleanupInput = z.input<typeof CleanupInput>;

export const Cleanup = z.object({
  id: z.string(),
  executionArn: z.string(),
  /** The retraining machine's: an upload that comes meanwhile is its to read. */
  stateMachineArn: z.string(),
  startedAt: z.string(),
  trigger: Trigger,
  group: z.string(),
  prefix: z.string(),
  datasetGroupArn: z.string(),
  options: z.object({
    dryRun: z.boolean(),
    includeForeign: z.boolean(),
    wait: z.boolean(),
    prune: z.boolean(),
  }),
  retention: Retention,
  /** Solutions that the configuration makes. */
  configured: z.array(z.string()),
  /** Milliseconds from the start until all must be gone (R8). */
  patience: z.number(),
  pollSeconds: z.number(),
  leaseSeconds: z.number(),
});
export type Cleanup = z.infer<typeof Cleanup>;

export interface CleanupRequest {
  readonly project: string;
  readonly group: DatasetGroup;
  readonly place: Place;
  readonly execution: { readonly arn: string; readonly startedAt: string };
  /** The cleanup's own machine. */
  readonly stateMachineArn: string;
  readonly input: unknown;
}

const hour = 3_600_000;

function readInput(input: unknown, { cleanup, retention }: DatasetGroup): z.output<typeof CleanupInput> {
  const parsed = CleanupInput.safeParse(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".") || "input"}: ${issue.message}`);
    throw new InputRefused(`A cleanup's input is {} or, for example, {"dryRun": true}. ${faults.join("; ")}`);
  }
  const { dryRun, includeForeign, prune } = parsed.data;
  if (includeForeign && !cleanup.mayDeleteForeign) {
    throw new InputRefused(
      "includeForeign needs cleanup.mayDeleteForeign in outrank.json, and a deployment: the role of this machine may " +
        "only delete what has the group's own names",
    );
  }
  if (prune && !dryRun && retention.oldSolutions !== "delete") {
    throw new InputRefused(
      'prune needs "retention": { "oldSolutions": "delete" } in outrank.json, and a deployment; {"prune": true, ' +
        '"dryRun": true} says what it would delete',
    );
  }
  return parsed.data;
}

/** Names of the solutions that the next run would train. */
function configuredSolutions({ project, group, place, execution, stateMachineArn }: CleanupRequest, digest: Digest) {
  const run = planRun(
    {
      ...{ project, group, place, stateMachineArn, bucket: "", importRoleArn: "", kmsKeyArn: null, tags: {} },
      ...{ execution: { ...execution, name: "" }, ...readTrigger({}, digest) },
    },
    digest,
  );
  return run.trainings.map((training) => training.solutionName);
}

export function planCleanup(request: CleanupRequest, digest: Digest): Cleanup {
  const { project, group, place, execution, stateMachineArn } = request;
  const { actor = null, ...options } = readInput(request.input, group);
  const prefix = groupPrefix(project, group.name);
  const patience = group.deadlines.cleanupHours * hour;
  return {
    id: runIdOf(execution.arn, execution.startedAt, digest),
    executionArn: execution.arn,
    stateMachineArn: retrainingMachineArn(stateMachineArn),
    startedAt: execution.startedAt,
    trigger: { ...readTrigger({}, digest).trigger, actor },
    group: group.name,
    prefix,
    datasetGroupArn: personalizeArn(place, "dataset-group", prefix),
    options,
    retention: group.retention,
    configured: configuredSolutions(request, digest),
    patience,
    pollSeconds: group.pollSeconds.cleanup,
    leaseSeconds: Math.ceil((patience + hour) / 1000),
  };
}
