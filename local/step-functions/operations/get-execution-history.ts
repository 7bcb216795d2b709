/** GetExecutionHistory: the events in pages, either way round, with or without the data they carry. */
import type { GetExecutionHistoryInput, GetExecutionHistoryOutput, HistoryEvent } from "@aws-sdk/client-sfn";
import type { StoredEvent } from "../interpreter/execution.ts";
import { isDetails, withoutData } from "../runner/event-data.ts";
import { eventAt } from "../runner/tables.ts";
import type { OperationDeps } from "./deps.ts";
import { findExecution } from "./executions.ts";
import { makeToken, pageSize, readToken } from "./pages.ts";

export const getExecutionHistory =
  (deps: OperationDeps) =>
  (input: GetExecutionHistoryInput): GetExecutionHistoryOutput => {
    const { executionArn = "", reverseOrder = false, includeExecutionData = true } = input;
    findExecution(deps, executionArn);
    const last = deps.runner.lastEventId(executionArn);
    // The token is the id of the next event, so that pages stay right while events are added.
    const first = readToken(input.nextToken) || (reverseOrder ? last : 1);
    const step = reverseOrder ? -1 : 1;
    const events: HistoryEvent[] = [];
    let id = first;
    for (; id >= 1 && id <= last && events.length < pageSize(input); id += step) {
      const event = eventAt(deps.tables, executionArn, id);
      if (event) events.push(shown(event, includeExecutionData));
    }
    return { events, ...(id >= 1 && id <= last && { nextToken: makeToken(id) }) };
  };

function shown(event: StoredEvent, withData: boolean): HistoryEvent {
  const { timestamp, ...rest } = event;
  const plain = { ...rest, timestamp: new Date(timestamp) };
  if (withData) return plain;
  const members = Object.entries(plain).map(([name, value]: [string, unknown]) => [
    name,
    isDetails(name) ? withoutData(value as object) : value,
  ]);
  return Object.fromEntries(members) as HistoryEvent;
}
