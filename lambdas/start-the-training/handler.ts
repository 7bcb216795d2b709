/**
 * Starts a training once. CreateSolutionVersion has no token: a repeat after a lost answer would train, and bill, twice.
 * So the versions that began since the run did are looked at first, and the one that carries our name is ours (R4, R5).
 */
import * as z from "zod";
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
  readonly create: (solutionArn: string, name: string) => Promise<string>;
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
    return { solutionVersionArn: await create(training.solutionArn, training.versionName) };
  };
