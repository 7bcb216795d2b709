/** All events of a run, ready for PutEvents: how it ended, what became of the models, the stages that led there. */
import type { RunRecord } from "../records/run-record.ts";
import { modelKept, modelKeptType } from "./model-kept.ts";
import { modelPromoted, modelPromotedType } from "./model-promoted.ts";
import { type EventEntry, type EventPlace, eventSource } from "./outrank-event.ts";
import { runFailed, runFailedType } from "./run-failed.ts";
import { runFinished, runFinishedType } from "./run-finished.ts";
import { stageFinishedType, stagesFinished } from "./stage-finished.ts";

/** PutEvents takes no more in one request. */
const mostEntries = 10;

type Told = readonly [detailType: string, detail: object | null, resources: readonly string[]];

/** At least one. Of more than ten the last ones are left out, which are the stages: the record has them too. */
export function eventsOfRun(record: RunRecord, place: EventPlace): EventEntry[] {
  const { executionArn, contests } = record;
  const told: Told[] = [
    [runFailedType, runFailed(record, place), [executionArn]],
    [runFinishedType, runFinished(record, place), [executionArn]],
    ...contests.flatMap((contest): Told[] => {
      const resources = contest.decision ? [contest.decision.campaignArn, executionArn] : [executionArn];
      return [
        [modelPromotedType, modelPromoted(record, contest, place), resources],
        [modelKeptType, modelKept(record, contest, place), resources],
      ];
    }),
    ...stagesFinished(record, place).map((stage): Told => [stageFinishedType, stage, [executionArn]]),
  ];
  return told
    .flatMap(([DetailType, detail, Resources]): EventEntry[] =>
      detail === null
        ? []
        : [{ Source: eventSource, DetailType, Detail: JSON.stringify(detail), EventBusName: place.busName, Resources }],
    )
    .slice(0, mostEntries);
}
