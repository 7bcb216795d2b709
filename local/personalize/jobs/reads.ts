/** What serving and filters ask about rows: bulk and streamed together, by dataset group. */
import type { StreamedEvents } from "../data/streamed-rows.ts";
import { columnOf } from "../filters/compile-filter.ts";
import type {
  DatasetType,
  EntityType,
  ImportJob,
  Interaction,
  JobRunner,
  Metadata,
  StreamedEvent,
} from "../job-runner.ts";
import type { BulkData } from "./bulk-data.ts";
import { createChangeLogs } from "./change-logs.ts";
import type { StreamedData } from "./streamed-data.ts";

/** A dataset's ARN is its group's with the type behind it (reference section 1.2). */
export function datasetArnOf(datasetGroupArn: string, type: DatasetType): string {
  return `${datasetGroupArn.replace(":dataset-group/", ":dataset/")}/${type}`;
}

type Answers = Pick<
  JobRunner,
  "interactionsOf" | "actionInteractionsOf" | "metadataOf" | "metadataColumn" | "metadataChanges" | "idsOf"
>;

export interface Reads extends Answers {
  eventsOfGroup(datasetGroupArn: string, type: DatasetType): StreamedEvents;
  imported(job: Pick<ImportJob, "datasetArn" | "datasetGroupArn">): void;
  /** These ids' rows have been sent anew. */
  changed(datasetArn: string, ids: readonly string[]): void;
  forgotten(datasetArn: string): void;
}

function toInteraction({ itemId, timestamp, eventType, eventValue }: StreamedEvent): Interaction[] {
  if (itemId === undefined) return [];
  return [{ itemId, timestamp, eventType, ...(eventValue !== undefined && { eventValue }) }];
}

const none: readonly Interaction[] = [];

/** Oldest first; a streamed row that a later import brought as bulk counts once. */
function mergeInteractions(bulk: readonly Interaction[], streamed: readonly Interaction[]): readonly Interaction[] {
  if (streamed.length === 0) return bulk;
  const key = (row: Interaction) => JSON.stringify([row.itemId, row.timestamp, row.eventType, row.eventValue]);
  const known = new Set(bulk.map(key));
  return [...bulk, ...streamed.filter((row) => !known.has(key(row)))].sort((a, b) => a.timestamp - b.timestamp);
}

const mostRemembered = 4096;

/** The merged rows of the users asked for last: the very same list as long as nothing new comes for the user. */
function rememberMerged() {
  interface Merged {
    readonly bulk: readonly Interaction[];
    readonly streamed: readonly StreamedEvent[];
    readonly length: number;
    readonly rows: readonly Interaction[];
  }
  const users = new Map<string, Merged>();
  return (key: string, stored: readonly Interaction[], sent: readonly StreamedEvent[]): readonly Interaction[] => {
    if (sent.length === 0) return stored;
    const known = users.get(key);
    if (known?.bulk === stored && known.streamed === sent && known.length === sent.length) return known.rows;
    const rows = mergeInteractions(stored, sent.flatMap(toInteraction));
    if (users.size >= mostRemembered) users.clear();
    users.set(key, { bulk: stored, streamed: sent, length: sent.length, rows });
    return rows;
  };
}

/** Those columns of a row, under the row's own names. */
function only(row: Metadata, columns: readonly string[] | undefined): Metadata {
  if (!columns) return row;
  const wanted = new Set(columns.map((name) => name.toUpperCase()));
  return Object.fromEntries(Object.entries(row).filter(([name]) => wanted.has(name.toUpperCase())));
}

export function createReads(bulk: BulkData, streamed: StreamedData): Reads {
  const changes = createChangeLogs();
  const eventsOfGroup = (group: string, type: DatasetType) => streamed.events(datasetArnOf(group, type));

  function merged(type: DatasetType) {
    const streamedOf = (group: string) => streamed.events(datasetArnOf(group, type));
    const storedOf = (group: string, userId: string) =>
      bulk.interactions(datasetArnOf(group, type))?.of(userId) ?? none;
    const remembered = rememberMerged();
    return (group: string, userId: string) =>
      remembered(`${group} ${userId}`, storedOf(group, userId), streamedOf(group).of(userId));
  }

  function metadataOf(group: string, type: EntityType, id: string, columns?: readonly string[]): Metadata | undefined {
    const datasetArn = datasetArnOf(group, type);
    const sent = streamed.rows(datasetArn).get(id);
    return sent ? only(sent, columns) : bulk.entities(datasetArn)?.metadata(id, columns);
  }

  return {
    eventsOfGroup,
    interactionsOf: merged("INTERACTIONS"),
    actionInteractionsOf: merged("ACTION_INTERACTIONS"),
    metadataOf,
    metadataColumn(group, type, ids, column) {
      const datasetArn = datasetArnOf(group, type);
      const [table, sent] = [bulk.entities(datasetArn), streamed.rows(datasetArn)];
      const stored = table?.reader(column);
      return ids.map((id) => {
        const newer = sent.get(id);
        if (newer) return columnOf(newer, column);
        const row = stored && table?.rowOf(id);
        return stored && row !== undefined ? stored(row) : null;
      });
    },
    metadataChanges: (group, type, since) => changes.since(datasetArnOf(group, type), since),
    *idsOf(group, type) {
      const datasetArn = datasetArnOf(group, type);
      const stored = bulk.entities(datasetArn)?.ids;
      for (let code = 0; stored && code < stored.size; code++) yield stored.text(code);
      for (const id of streamed.rows(datasetArn).keys()) if (stored?.find(id) === undefined) yield id;
    },
    imported({ datasetArn }) {
      bulk.forget(datasetArn);
      changes.add(datasetArn, "all");
    },
    changed: changes.add,
    forgotten: (datasetArn) => changes.add(datasetArn, "all"),
  };
}
