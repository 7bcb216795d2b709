/** What serving and filters ask about rows: bulk and streamed together, by dataset group. */
import type { StreamedEvents } from "../data/streamed-rows.ts";
import type { DatasetType, ImportJob, Interaction, JobRunner, Metadata, StreamedEvent } from "../job-runner.ts";
import type { BulkData } from "./bulk-data.ts";
import type { StreamedData } from "./streamed-data.ts";

/** A dataset's ARN is its group's with the type behind it (reference section 1.2). */
export function datasetArnOf(datasetGroupArn: string, type: DatasetType): string {
  return `${datasetGroupArn.replace(":dataset-group/", ":dataset/")}/${type}`;
}

function groupOf(datasetArn: string): string {
  return datasetArn.replace(":dataset/", ":dataset-group/").replace(/\/[A-Z_]+$/, "");
}

type Answers = Pick<JobRunner, "interactionsOf" | "itemMetadata" | "userMetadata" | "itemsRevision">;

export interface Reads extends Answers {
  eventsOfGroup(datasetGroupArn: string): StreamedEvents;
  imported(job: Pick<ImportJob, "datasetArn" | "datasetGroupArn">): void;
  itemsChanged(datasetGroupArn: string): void;
  forgotten(datasetArn: string): void;
}

function toInteraction({ itemId, timestamp, eventType, eventValue }: StreamedEvent): Interaction[] {
  if (itemId === undefined) return [];
  return [{ itemId, timestamp, eventType, ...(eventValue !== undefined && { eventValue }) }];
}

/** Oldest first; a streamed row that a later import brought as bulk counts once. */
function mergeInteractions(bulk: readonly Interaction[], streamed: readonly Interaction[]): readonly Interaction[] {
  if (streamed.length === 0) return bulk;
  const key = (row: Interaction) => JSON.stringify([row.itemId, row.timestamp, row.eventType, row.eventValue]);
  const known = new Set(bulk.map(key));
  return [...bulk, ...streamed.filter((row) => !known.has(key(row)))].sort((a, b) => a.timestamp - b.timestamp);
}

export function createReads(bulk: BulkData, streamed: StreamedData): Reads {
  const revisions = new Map<string, number>();
  const revision = (group: string) => revisions.get(group) ?? 1;
  const eventsOfGroup = (group: string) => streamed.events(datasetArnOf(group, "INTERACTIONS"));
  const itemsChanged = (group: string) => void revisions.set(group, revision(group) + 1);

  function metadata(group: string, type: DatasetType, id: string): Metadata | undefined {
    const datasetArn = datasetArnOf(group, type);
    return streamed.rows(datasetArn).get(id) ?? bulk.entities(datasetArn)?.metadata(id);
  }

  return {
    eventsOfGroup,
    interactionsOf(group, userId) {
      const stored = bulk.interactions(datasetArnOf(group, "INTERACTIONS"))?.of(userId) ?? [];
      return mergeInteractions(stored, eventsOfGroup(group).of(userId).flatMap(toInteraction));
    },
    itemMetadata: (group, itemId) => metadata(group, "ITEMS", itemId),
    userMetadata: (group, userId) => metadata(group, "USERS", userId),
    itemsRevision: revision,
    imported({ datasetArn, datasetGroupArn }) {
      bulk.forget(datasetArn);
      itemsChanged(datasetGroupArn);
    },
    itemsChanged,
    forgotten: (datasetArn) => itemsChanged(groupOf(datasetArn)),
  };
}
