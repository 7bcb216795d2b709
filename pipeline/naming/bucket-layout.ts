/**
 * Where things lie in the bucket. Uploads are the people's; everything under `outrank/` is the pipeline's own and starts
 * no run. state-machines/README.md shows the same as a table.
 */
import type { DatasetType } from "../config/avro-schema.ts";
import { versionPath } from "./names.ts";

/** `shop/interactions/`: drop CSV files here. Personalize reads only the first level of it. */
export const uploadPrefix = (group: string, type: DatasetType): string => `${group}/${type}/`;

const own = (group: string): string => `outrank/${group}/`;

export const leaseKey = (group: string): string => `${own(group)}lease.json`;
export const notesPrefix = (group: string): string => `${own(group)}notes/`;
export const noteKey = (group: string, executionName: string): string => `${notesPrefix(group)}${executionName}.json`;
/** One object for each trigger that was taken up; the same event delivered again finds it. */
export const triggerKey = (group: string, triggerId: string): string => `${own(group)}triggers/${triggerId}.json`;
/** The newest event of one upload that was taken up; an older one that comes late finds it. */
export const newestKey = (group: string, keyHash: string): string => `${own(group)}newest/${keyHash}.json`;
export const recordsPrefix = (group: string): string => `${own(group)}runs/`;
export const recordKey = (group: string, runId: string): string => `${recordsPrefix(group)}${runId}.json`;
/** The record as a page for people. */
export const runPageKey = (group: string, runId: string): string => `${recordsPrefix(group)}${runId}.html`;
/** All runs of the group on one page, and the line a run that it is made from. */
export const groupPageKey = (group: string): string => `${own(group)}report.html`;
export const historyKey = (group: string): string => `${own(group)}history.json`;
/** What the run has read: files in their versions, and the notes that were there before. */
export const pinsKey = (group: string, runId: string): string => `${own(group)}pins/${runId}.json`;
/** What was decided about one solution version, by that version: how a later run learns the live version's lift. */
export const decisionKey = (group: string, solutionVersionArn: string): string =>
  `${own(group)}versions/${versionPath(solutionVersionArn)}.json`;
/** Which version a solution's campaign was last given, by whom and when. The campaign itself is the truth. */
export const championKey = (group: string, solution: string): string => `${own(group)}champions/${solution}.json`;
/** Events as they were streamed, in the form of an import, a folder for each day. */
export const archivedEventsPrefix = (group: string): string => `${own(group)}events/`;
export const archivedEventsKey = (group: string, at: Date, id: string): string =>
  `${archivedEventsPrefix(group)}${at.toISOString().slice(0, 10).replaceAll("-", "/")}/${id}.csv`;
/** What a batch job reads, one JSON object a line. */
export const batchInputKey = (group: string, name: string): string => `${group}/batch/${name}/`;
export const batchOutputsPrefix = (group: string): string => `${own(group)}batch/`;
export const batchOutputPrefix = (group: string, name: string, runId: string): string =>
  `${batchOutputsPrefix(group)}${name}/${runId}/`;
export const attributionPrefix = (group: string): string => `${own(group)}attribution/`;
/** Copies of the new files of an INCREMENTAL import, in a folder that holds nothing else. */
export const stagingPrefix = (group: string, jobName: string): string =>
  `${own(group)}staging/${jobName === "" ? "" : `${jobName}/`}`;
/** Which files an import job was made from, written before the job is. */
export const importedKey = (group: string, jobName: string): string => `${own(group)}imports/${jobName}.json`;
/** Whom the smoke test asks for, and what is popular anyway: ids stay in the bucket and out of executions and records. */
export const knownKey = (group: string): string => `${own(group)}known.json`;
/** How many rows each dataset had when it was last imported: a much shorter file would erase the difference. */
export const acceptedKey = (group: string): string => `${own(group)}accepted.json`;
/** What the last judged run had seen; equal inputs need no new training. */
export const judgedKey = (group: string): string => `${own(group)}judged.json`;
/** What a cleanup has done: who asked for what, how far it came. */
export const cleanupsPrefix = (group: string): string => `${own(group)}cleanups/`;
export const cleanupKey = (group: string, cleanupId: string): string => `${cleanupsPrefix(group)}${cleanupId}.json`;
/** Where decisions lie: all of them, or one solution's. */
export const decisionsPrefix = (group: string, solutionName?: string): string =>
  `${own(group)}versions/${solutionName === undefined ? "" : `${solutionName}/`}`;
export const championsPrefix = (group: string): string => `${own(group)}champions/`;
/**
 * Beginnings of the keys that would tell of things that are gone once a cleanup is done, or hold copies of uploads and ids of
 * users for them. Uploads, records, reports and what batch jobs wrote stay.
 */
export const pointerPrefixes = (group: string): string[] => [
  championsPrefix(group),
  decisionsPrefix(group),
  `${own(group)}imports/`,
  stagingPrefix(group, ""),
  acceptedKey(group),
  judgedKey(group),
  knownKey(group),
];
