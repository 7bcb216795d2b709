/**
 * What all of Outrank's own events have in common, and how one becomes an entry of PutEvents. The events are promises to
 * strangers: members are added, never taken away or given another meaning; otherwise `schemaVersion` is raised.
 */
import * as z from "zod";
import type { RunRecord } from "../records/run-record.ts";

export const eventSource = "outrank";

/** Members that every detail begins with. */
export const eventOrigin = {
  schemaVersion: z.literal(1),
  group: z.string().nullable().describe("dataset group, as configured; null only where a run could not be recorded"),
  runId: z.string().nullable().describe("null only where a run could not be recorded"),
  executionArn: z.string().describe("of the state machine; its history has every step"),
  record: z
    .object({ bucket: z.string(), key: z.string() })
    .nullable()
    .describe("the run's whole record, JSON in the stack's bucket; null where it could not be written"),
  dryRun: z.boolean().describe("true: judged only, nothing was changed"),
};

/** As PutEvents takes it, also from Step Functions. */
export interface EventEntry {
  readonly Source: typeof eventSource;
  readonly DetailType: string;
  /** JSON. */
  readonly Detail: string;
  readonly EventBusName: string;
  /** ARNs that rules may match on. */
  readonly Resources: readonly string[];
}

/** Where a run's events go, and where its record lies. */
export interface EventPlace {
  readonly busName: string;
  readonly bucket: string;
  readonly recordKey: string;
}

export const originOf = (record: RunRecord, { bucket, recordKey }: EventPlace) => ({
  schemaVersion: 1 as const,
  group: record.group,
  runId: record.runId,
  executionArn: record.executionArn,
  record: { bucket, key: recordKey },
  dryRun: record.options?.dryRun ?? false,
});
