/**
 * What the service tells of money at the end of a run: billed hours of trainings, and how often campaigns are asked. All
 * of it is beside the point of a run, so nothing here fails one: what cannot be read is said instead.
 */
import { adviceOn } from "../../pipeline/cost/advice.ts";
import { costOfRun, trainedVersions } from "../../pipeline/cost/spent-work.ts";
import type { Run } from "../../pipeline/planning/run.ts";
import type { RunRecord } from "../../pipeline/records/run-record.ts";

export interface Ledger {
  /** As billed; null when the service does not say. */
  trainingHours(solutionVersionArn: string): Promise<number | null>;
  /** Null when there is none. */
  campaign(arn: string): Promise<{ readonly minProvisionedTPS: number; readonly createdAt: string } | null>;
  /** Requests of each five minutes between two instants (epoch milliseconds); periods without any are left out. */
  requests(campaignArn: string, from: number, to: number): Promise<readonly number[]>;
}

const day = 86_400_000;
const inWords = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

async function hoursOf(ledger: Ledger, record: RunRecord): Promise<ReadonlyMap<string, number>> {
  const known = await Promise.all(
    [...trainedVersions(record).keys()].map(
      async (arn) => [arn, await ledger.trainingHours(arn).catch(() => null)] as const,
    ),
  );
  return new Map(known.flatMap(([arn, hours]) => (hours === null ? [] : [[arn, hours] as const])));
}

async function adviceOf(ledger: Ledger, { advice, contests }: Run, now: string): Promise<string[]> {
  if (!advice.enabled) return [];
  const to = Date.parse(now);
  const perCampaign = contests.map(async ({ campaign: { name, arn } }) => {
    try {
      const found = await ledger.campaign(arn);
      if (found === null) return [];
      const requestsPerFiveMinutes = await ledger.requests(arn, to - advice.idleDays * day, to);
      return adviceOn({ campaign: name, ...found, requestsPerFiveMinutes }, advice, now);
    } catch (error) {
      return [`no advice on campaign ${name}, for its use could not be read: ${inWords(error)}`];
    }
  });
  return (await Promise.all(perCampaign)).flat();
}

/** The record with its cost and advice. */
export async function withSpending(ledger: Ledger, run: Run, record: RunRecord): Promise<RunRecord> {
  const cost = costOfRun(record, {
    hours: await hoursOf(ledger, record),
    filesAreWhole: run.datasets.every(({ type, importMode }) => type !== "interactions" || importMode === "FULL"),
  });
  return { ...record, cost, advice: await adviceOf(ledger, run, record.finishedAt) };
}
