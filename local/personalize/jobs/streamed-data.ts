/** The streamed rows of all datasets in memory, over their logs. A dataset's log is read when it is first asked for. */
import { rm } from "node:fs/promises";
import { openLog } from "../data/append-log.ts";
import type { AppendLog } from "../data/append-log.ts";
import { createStreamedEvents, indexEvents, newestRows, streamedLogPath } from "../data/streamed-rows.ts";
import type { StreamedEvents, WhenNew } from "../data/streamed-rows.ts";
import type { DatasetSource, Metadata, StreamedEvent, StreamedRow } from "../job-runner.ts";
import { isInteractions } from "../data/stored-table.ts";

export interface StreamedData {
  events(datasetArn: string): StreamedEvents;
  rows(datasetArn: string): ReadonlyMap<string, Metadata>;
  recordEvents(datasetArn: string, events: readonly StreamedEvent[], whenNew?: WhenNew): Promise<void>;
  recordRows(datasetArn: string, rows: readonly StreamedRow[]): Promise<void>;
  forget(datasetArn: string): Promise<void>;
  /** Durable when resolved. @param beforehand is told how many records will go, before the first does */
  forgetUsers(
    dataset: Pick<DatasetSource, "datasetArn" | "datasetType">,
    isListed: (id: string) => boolean,
    beforehand: (count: number) => void,
  ): Promise<void>;
  close(): Promise<void>;
}

interface Held<Index, Record> {
  readonly index: Index;
  readonly log: AppendLog<Record>;
}

export function createStreamedData(dataDir: string): StreamedData {
  const eventLogs = new Map<string, Held<StreamedEvents, StreamedEvent>>();
  const rowLogs = new Map<string, Held<Map<string, Metadata>, StreamedRow>>();

  function eventsOf(datasetArn: string): Held<StreamedEvents, StreamedEvent> {
    let held = eventLogs.get(datasetArn);
    if (!held) {
      const { records, log } = openLog<StreamedEvent>(streamedLogPath(dataDir, datasetArn));
      eventLogs.set(
        datasetArn,
        (held = { index: records.length > 0 ? indexEvents(records) : createStreamedEvents(), log }),
      );
    }
    return held;
  }

  function rowsOf(datasetArn: string): Held<Map<string, Metadata>, StreamedRow> {
    let held = rowLogs.get(datasetArn);
    if (!held) {
      const { records, log } = openLog<StreamedRow>(streamedLogPath(dataDir, datasetArn));
      rowLogs.set(datasetArn, (held = { index: newestRows(records), log }));
    }
    return held;
  }

  async function closeLogs(datasetArn: string): Promise<void> {
    await Promise.all([eventLogs.get(datasetArn)?.log.close(), rowLogs.get(datasetArn)?.log.close()]);
    eventLogs.delete(datasetArn);
    rowLogs.delete(datasetArn);
  }

  return {
    events: (datasetArn) => eventsOf(datasetArn).index,
    rows: (datasetArn) => rowsOf(datasetArn).index,
    recordEvents(datasetArn, events, whenNew) {
      const { index, log } = eventsOf(datasetArn);
      const added = events.filter((event) => index.add(event));
      if (added.length > 0) whenNew?.(added);
      return log.append(added);
    },
    recordRows(datasetArn, rows) {
      const { index, log } = rowsOf(datasetArn);
      for (const { id, properties } of rows) index.set(id, properties);
      return log.append(rows);
    },
    async forget(datasetArn) {
      await closeLogs(datasetArn);
      await rm(streamedLogPath(dataDir, datasetArn), { force: true });
    },
    forgetUsers({ datasetArn, datasetType }, isListed, beforehand) {
      if (isInteractions(datasetType)) {
        const { index, log } = eventsOf(datasetArn);
        const gone = new Set(index.forget(isListed).map(({ eventId }) => eventId));
        beforehand(gone.size);
        return gone.size === 0 ? Promise.resolve() : log.rewrite(({ eventId }) => !gone.has(eventId));
      }
      const { index, log } = rowsOf(datasetArn);
      const gone = [...index.keys()].filter(isListed);
      for (const id of gone) index.delete(id);
      beforehand(gone.length);
      return gone.length === 0 ? Promise.resolve() : log.rewrite(({ id }) => !isListed(id));
    },
    async close() {
      await Promise.all([...new Set([...eventLogs.keys(), ...rowLogs.keys()])].map(closeLogs));
    },
  };
}
