/** "StageFinished": one step of the way was completed. Told when the run ends, whether the run went well or not. */
import * as z from "zod";
import { datasetTypes } from "../config/avro-schema.ts";
import type { ContestRecord, RunRecord } from "../records/run-record.ts";
import { eventOrigin, type EventPlace, originOf } from "./outrank-event.ts";

export const stageFinishedType = "StageFinished";

const DataAccepted = z.object({
  ...eventOrigin,
  stage: z.literal("DATA_ACCEPTED").describe("every check before the import has passed"),
  files: z.array(z.object({ dataset: z.enum(datasetTypes), key: z.string(), rows: z.number() })),
});

const DataImported = z.object({
  ...eventOrigin,
  stage: z.literal("DATA_IMPORTED"),
  imports: z.array(z.object({ dataset: z.enum(datasetTypes), importJobArn: z.string() })),
});

const VersionsTrained = z.object({
  ...eventOrigin,
  stage: z.literal("VERSIONS_TRAINED"),
  versions: z.array(
    z.object({
      solution: z.string().describe("as configured; a baseline is named by the solution that it is held against"),
      role: z.enum(["candidate", "baseline"]),
      recipe: z.string(),
      solutionVersionArn: z.string().nullable(),
      status: z.string(),
    }),
  ),
});

const ContestsJudged = z.object({
  ...eventOrigin,
  stage: z.literal("CONTESTS_JUDGED"),
  contests: z.array(
    z.object({
      solution: z.string(),
      verdict: z.enum(["PROMOTE", "KEEP"]).describe("the gate's; what came of it is told by the Model events"),
      lift: z.number().nullable(),
      decidedAt: z.string(),
    }),
  ),
});

export const StageFinished = z.discriminatedUnion("stage", [
  DataAccepted,
  DataImported,
  VersionsTrained,
  ContestsJudged,
]);
export type StageFinished = z.infer<typeof StageFinished>;

const refusals: ReadonlySet<string> = new Set(["DataRefused", "DataQualityFailed"]);

const versionsOf = ({ solution, decision }: ContestRecord) =>
  (["candidate", "baseline"] as const).flatMap((role) => {
    if (decision === null) return [];
    const { recipe, solutionVersionArn, status } = decision[role];
    return [{ solution, role, recipe, solutionVersionArn, status }];
  });

/** The stages that the run has completed, in their order. */
export function stagesFinished(record: RunRecord, place: EventPlace): StageFinished[] {
  const origin = originOf(record, place);
  const { inputs, contests, failure } = record;
  const files = inputs.flatMap(({ dataset, key, rows }) => (rows === null ? [] : [{ dataset, key, rows }]));
  const jobs = inputs.flatMap(({ dataset, importJobArn }) => (importJobArn ? [[importJobArn, dataset] as const] : []));
  const imports = [...new Map(jobs)].map(([importJobArn, dataset]) => ({ dataset, importJobArn }));
  const versions = contests.flatMap(versionsOf);
  const judged = contests.flatMap(({ solution, decision }) =>
    decision === null
      ? []
      : [{ solution, verdict: decision.verdict.outcome, lift: decision.verdict.lift, decidedAt: decision.decidedAt }],
  );
  const isAccepted = files.length > 0 && !refusals.has(failure?.error ?? "");
  return [
    ...(isAccepted ? [{ ...origin, stage: "DATA_ACCEPTED" as const, files }] : []),
    ...(imports.length > 0 ? [{ ...origin, stage: "DATA_IMPORTED" as const, imports }] : []),
    ...(versions.length > 0 ? [{ ...origin, stage: "VERSIONS_TRAINED" as const, versions }] : []),
    ...(judged.length > 0 ? [{ ...origin, stage: "CONTESTS_JUDGED" as const, contests: judged }] : []),
  ];
}
