/**
 * Reconciles: each call looks at everything the run needs, makes what can be made now, and says what it still waits for.
 * Called again until it waits for nothing; safe to call any number of times.
 */
import * as z from "zod";
import { AvroSchema } from "../../pipeline/config/avro-schema.ts";
import { schemaChange } from "../../pipeline/schemas/schema-change.ts";
import { type RunDataset, Run, type Training } from "../../pipeline/planning/run.ts";
import type { PersonalizeResources, Seen } from "./personalize-resources.ts";

const Input = z.object({ run: Run, types: z.array(z.string()) });

export interface EnsureTheResourcesDeps {
  readonly resources: PersonalizeResources;
}

export interface Ensured {
  readonly isReady: boolean;
  /** What is waited for, in words. */
  readonly summary: string;
  readonly warnings: readonly string[];
}

/** Something exists that this configuration cannot work with; a person must decide. */
export class ResourceRefused extends Error {
  override readonly name = "ResourceRefused";
}

interface Progress {
  readonly waiting: string[];
  readonly warnings: string[];
}

/** True when ACTIVE; notes what is waited for, also for its end; throws when it can never become ACTIVE. */
function isActive(what: string, seen: Seen, { waiting }: Progress): boolean {
  if (seen.status === "ACTIVE") return true;
  if (seen.status.includes("FAILED")) {
    throw new ResourceRefused(`${what} is ${seen.status}${seen.failureReason ? `: ${seen.failureReason}` : ""}`);
  }
  waiting.push(`${what} is ${seen.status}`);
  return false;
}

async function ensureGroup({ resources }: EnsureTheResourcesDeps, run: Run, progress: Progress): Promise<boolean> {
  const what = `dataset group ${run.datasetGroupName}`;
  const seen = await resources.datasetGroup(run.datasetGroupArn);
  if (seen !== null) {
    const wanted = run.encryption?.kmsKeyArn ?? null;
    if (seen.kmsKeyArn !== wanted) {
      const key = (arn: string | null) => arn ?? "AWS's own key";
      progress.warnings.push(
        `${what} is locked with ${key(seen.kmsKeyArn)}, not with ${key(wanted)}: the service cannot change the key of ` +
          "a group; a group under a new name would have the configured one",
      );
    }
    return isActive(what, seen, progress);
  }
  await resources.createDatasetGroup(run);
  progress.waiting.push(`${what} was just created`);
  return false;
}

async function ensureSchema({ resources }: EnsureTheResourcesDeps, { domain }: Run, dataset: RunDataset) {
  if (await resources.hasSchema(dataset.schemaArn)) return;
  await resources.createSchema(dataset.schemaName, JSON.stringify(dataset.schema), domain);
}

async function ensureDataset(deps: EnsureTheResourcesDeps, run: Run, dataset: RunDataset, progress: Progress) {
  const { resources } = deps;
  const what = `dataset ${dataset.datasetName}`;
  const seen = await resources.dataset(dataset.datasetArn);
  if (seen === null) {
    await ensureSchema(deps, run, dataset);
    await resources.createDataset(dataset, run.datasetGroupArn, run.tags);
    progress.waiting.push(`${what} was just created`);
  } else if (isActive(what, seen, progress)) {
    if (seen.isUpdating) progress.waiting.push(`${what} is being given another schema`);
    else if (seen.schemaArn !== dataset.schemaArn) {
      if (seen.failedUpdate && seen.failedUpdate.at >= Date.parse(run.startedAt)) {
        throw new ResourceRefused(
          `${what} could not be given schema ${dataset.schemaArn}: ${seen.failedUpdate.reason}`,
        );
      }
      await moveToSchema(deps, run, dataset, { from: seen.schemaArn, progress });
    }
  }
}

async function moveToSchema(
  deps: EnsureTheResourcesDeps,
  run: Run,
  dataset: RunDataset,
  { from, progress }: { readonly from: string; readonly progress: Progress },
) {
  const { resources } = deps;
  const { waiting, warnings } = progress;
  const what = `dataset ${dataset.datasetName}`;
  const before = AvroSchema.safeParse(await resources.schema(from));
  const change = before.success ? schemaChange(dataset.type, before.data, dataset.schema) : null;
  if (change === null || change.faults.length > 0) {
    throw new ResourceRefused(
      `${what} has schema ${from}, and the configuration now says ${dataset.schemaArn}: ` +
        `${change?.faults.join("; ") ?? "the old one cannot be read"}.\n${change?.diff.join("\n") ?? ""}\n` +
        "Restore the schema in outrank.json, or use a new group name.",
    );
  }
  await ensureSchema(deps, run, dataset);
  await resources.updateDataset(dataset.datasetArn, dataset.schemaArn);
  warnings.push(
    `${what} moves to schema ${dataset.schemaName}, which has ${change.added.join(", ") || "no new column"}`,
  );
  waiting.push(`${what} is being given another schema`);
}

/** One to a group; the service gives it an id, so it is found by its group. */
async function ensureEventTracker({ resources }: EnsureTheResourcesDeps, run: Run, progress: Progress) {
  if (run.eventTracker === null) return;
  const what = `event tracker ${run.eventTracker}`;
  const seen = await resources.eventTracker(run.datasetGroupArn);
  if (seen !== null) return void isActive(what, seen, progress);
  await resources.createEventTracker(run.eventTracker, run.datasetGroupArn, run.tags);
  progress.waiting.push(`${what} was just created`);
}

async function ensureSolution(deps: EnsureTheResourcesDeps, run: Run, training: Training, progress: Progress) {
  const { resources } = deps;
  const what = `solution ${training.solutionName}`;
  const seen = await resources.solution(training.solutionArn);
  if (seen === null) {
    await resources.createSolution(training, run.datasetGroupArn, run.tags);
    progress.waiting.push(`${what} was just created`);
    return;
  }
  if (!isActive(what, seen, progress)) return;
  if (seen.isUpdating) {
    progress.waiting.push(`${what} is being updated`);
  } else if (seen.trainsByItself) {
    await resources.stopAutoTraining(training.solutionArn);
    progress.warnings.push(`${what} had automatic training switched on; switched off (rule R5)`);
    progress.waiting.push(`${what} is being updated`);
  }
}

/** A campaign that follows every new version goes around the gate (R1). */
async function refuseFollowingCampaigns({ resources }: EnsureTheResourcesDeps, run: Run): Promise<void> {
  for (const { campaign } of run.contests) {
    const seen = await resources.campaign(campaign.arn);
    if (seen?.followsLatest) {
      throw new ResourceRefused(
        `Campaign ${campaign.name} follows the latest version of its solution (syncWithLatestSolutionVersion or $LATEST), ` +
          "which goes around the gate. Switch that off first.",
      );
    }
  }
}

export const makeHandler =
  (deps: EnsureTheResourcesDeps) =>
  async (event: unknown): Promise<Ensured> => {
    const { run, types } = Input.parse(event);
    const progress: Progress = { waiting: [], warnings: [] };
    await refuseFollowingCampaigns(deps, run);
    if (await ensureGroup(deps, run, progress)) {
      const datasets = run.datasets.filter((dataset) => types.includes(dataset.type));
      for (const dataset of datasets) await ensureDataset(deps, run, dataset, progress);
      const isWhole = progress.waiting.length === 0; // a tracker and a solution need the datasets
      if (isWhole) await ensureEventTracker(deps, run, progress);
      for (const training of run.trainings) await ensureSolution(deps, run, training, progress);
    }
    const { waiting, warnings } = progress;
    return { isReady: waiting.length === 0, summary: waiting.join("; "), warnings };
  };
