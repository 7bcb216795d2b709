/**
 * Starts a training once. CreateSolutionVersion has no token: a repeat after a lost answer would train, and bill, twice.
 * So the versions that began since the run did are looked at first, and the one that carries our name is ours (R4, R5).
 */
import * as z from "zod";
import type { TagList } from "../../pipeline/config/tags.ts";
import { Run, Training } from "../../pipeline/planning/run.ts";

const Input = z.object({ run: Run, training: Training });

export interface VersionSummary {
  readonly arn: string;
  readonly createdAt: number;
}

export interface StartTheTrainingDeps {
  /** Versions of a solution, through all pages. */
  readonly list: (solutionArn: string) => Promise<VersionSummary[]>;
  readonly nameOf: (solutionVersionArn: string) => Promise<string | null>;
  readonly create: (solutionArn: string, name: string, tags: TagList) => Promise<string>;
}

/** Nobody knows whether the training began: the connection broke, or the service failed inside. The next try looks. */
export class AnswerLost extends Error {
  override readonly name = "AnswerLost";
}

/** Clocks of different services may differ by this much. */
const clockSkew = 5 * 60_000;

export const makeHandler =
  ({ list, nameOf, create }: StartTheTrainingDeps) =>
  async (event: unknown): Promise<{ readonly solutionVersionArn: string }> => {
    const { run, training } = Input.parse(event);
    const since = Date.parse(run.startedAt) - clockSkew;
    const recent = (await list(training.solutionArn)).filter((version) => version.createdAt >= since);
    for (const { arn } of recent) {
      if ((await nameOf(arn)) === training.versionName) return { solutionVersionArn: arn };
    }
    try {
      return { solutionVersionArn: await create(training.solutionArn, training.versionName, run.tags) };
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
