/** `arn:aws:states:::events:putEvents`: a Detail that is not text is sent as its JSON; an entry refused fails the task. */
import type { PutEventsCommandOutput } from "@aws-sdk/client-eventbridge";
import { isObject, textOf, type Json } from "../json.ts";
import type { Integration } from "./integration.ts";
import { serviceFailure, succeeded } from "./task-error.ts";

/** One entry as the API takes it. */
function entryOf(entry: Json): Json {
  if (!isObject(entry) || entry["Detail"] === undefined || typeof entry["Detail"] === "string") return entry;
  return { ...entry, Detail: textOf(entry["Detail"]) };
}

export const eventsPutEvents: Integration = async ({ parameters, attempt, caller }, { calls }) => {
  const { Entries = [], ...rest } = isObject(parameters) ? parameters : {};
  const entries = Array.isArray(Entries) ? (Entries as readonly Json[]).map(entryOf) : Entries;
  try {
    const answer = (await calls.call("events", "PutEvents", { ...rest, Entries: entries }, caller)) as Pick<
      PutEventsCommandOutput,
      "Entries" | "FailedEntryCount"
    >;
    const output = JSON.parse(
      JSON.stringify({ Entries: answer.Entries ?? [], FailedEntryCount: answer.FailedEntryCount ?? 0 }),
    ) as Json;
    if (!answer.FailedEntryCount) return succeeded(output);
    return { kind: "failed", error: "EventBridge.FailedEntry", cause: textOf(output) };
  } catch (thrown) {
    return serviceFailure(thrown, { prefix: "EventBridge", service: "AmazonCloudWatchEvents" }, attempt);
  }
};
