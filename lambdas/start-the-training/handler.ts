/**
 * Starts a training once. CreateSolutionVersion has no token: a repeat after a lost answer would train, and bill, twice.
 * So the versions that began since the run did are looked at first, and the one that carries our name is ours (R4, R5).
 */
import * as z from "zod";
import type { TagList } from "../../pipeline/config/tags.ts";
import { isVersionName } from "../../pipeline/naming/names.ts";
import { Run, Training } from "../../pipeline/planning/run.ts";

const Input = z.object({ run: Run, training: Training });

export interface VersionSummary {
  readonly arn: string;
  readonly createdAt: number;
  readonly status: string;
  readonly trainingMode: string;
  readonly trainingType: string;
}

export interface StartTheTrainingDeps {
  /** Versions of a solution, through all pages. */
  readonly list: (solutionArn: string) => Promise<VersionSummary[]>;
  readonly nameOf: (solutionVersionArn: string) => Promise<string | null>;
  readonly create: (solutionArn: string, wish: NewVersion) => Promise<string>;
}

export interface NewVersion {
  readonly name: string;
  readonly trainingMode: "FULL" | "UPDATE";
  readonly tags: TagList;
}

export interface Started {
  readonly solutionVersionArn: string;
  /** Versions that this pipeline did not make: they end the free item updates of the live one (rule R5). */
  readonly warnings: readonly string[];
}

/** Nobody knows whether the training began: the connection broke, or the service failed inside. The next try looks. */
export class AnswerLost extends Error {
  override readonly name = "AnswerLost";
}

/** Clocks of different services may differ by this much. */
const clockSkew = 5 * 60_000;

const day = 24 * 3_600_000;

/** UPDATE builds on a FULL version of the same solution, and is no retraining: so old, it is trained anew. */
export function modeOf(training: Training, versions: readonly VersionSummary[], now: number): "FULL" | "UPDATE" {
  if (training.trainingMode === "FULL") return "FULL";
  const full = versions.filter((version) => version.status === "ACTIVE" && version.trainingMode === "FULL");
  const newest = Math.max(...full.map((version) => version.createdAt)); // -Infinity of none
  return now - newest <= training.fullTrainingDays * day ? "UPDATE" : "FULL";
}

const foreign = (training: Training, versions: readonly VersionSummary[]): string[] => {
  const automatic = versions.filter((version) => version.trainingType === "AUTOMATIC");
  const newest = automatic.map(({ arn }) => arn).at(-1);
  return newest === undefined
    ? []
    : [
        `solution ${training.solutionName} has ${automatic.length} versions that the service trained by itself, ${newest} last`,
      ];
};

export const makeHandler =
  ({ list, nameOf, create }: StartTheTrainingDeps) =>
  async (event: unknown): Promise<Started> => {
    const { run, training } = Input.parse(event);
    const startedAt = Date.parse(run.startedAt);
    const versions = [...(await list(training.solutionArn))].sort((a, b) => a.createdAt - b.createdAt);
    const recent = versions.filter((version) => version.createdAt >= startedAt - clockSkew);
    const warnings = foreign(training, versions);
    for (const { arn } of recent) {
      const name = await nameOf(arn);
      if (name === training.versionName) return { solutionVersionArn: arn, warnings };
      if (!isVersionName(name ?? ""))
        warnings.push(`somebody else trained ${arn} (${name ?? "without a name"}) during this run`);
    }
    const trainingMode = modeOf(training, versions, startedAt);
    const wish = { name: training.versionName, trainingMode, tags: run.tags };
    try {
      return { solutionVersionArn: await create(training.solutionArn, wish), warnings };
    } catch (error) {
      throw isRefusal(error) ? error : lost(training.versionName, error);
    }
  };

/** An answer below 500 says that nothing began. */
function isRefusal(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
  return status !== undefined && status < 500;
}

function lost(versionName: string, cause: unknown): AnswerLost {
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new AnswerLost(`CreateSolutionVersion of ${versionName} gave no answer (${reason})`, { cause });
}
