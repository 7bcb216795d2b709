/** PutLogEvents: in order, not older than two weeks, not more than two hours ahead. */
import type { PutLogEventsCommandInput, PutLogEventsCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { LogStore } from "../log-store.ts";
import type { Answer } from "../names.ts";

const oldestMilliseconds = 14 * 86_400_000;
const newestMilliseconds = 2 * 3_600_000;

export async function putLogEvents(
  logs: LogStore,
  input: PutLogEventsCommandInput,
): Promise<Answer<PutLogEventsCommandOutput>> {
  const { group, name } = logs.streamOf(logs.groupOf(input.logGroupName).name, input.logStreamName);
  const events = (input.logEvents ?? []).map(({ timestamp = 0, message = "" }) => ({ timestamp, message }));
  if (events.some(({ timestamp }, index) => timestamp < (events[index - 1]?.timestamp ?? 0))) {
    throw new AwsError(
      "InvalidParameterException",
      "Log events in a single PutLogEvents request must be in chronological order.",
    );
  }
  const now = logs.deps.clock.now();
  const tooOld = events.filter(({ timestamp }) => timestamp < now - oldestMilliseconds).length;
  const accepted = events.filter(({ timestamp }) => timestamp <= now + newestMilliseconds).slice(tooOld);
  logs.append(group, name, accepted);
  await logs.deps.store.commit();
  const tooNew = tooOld + accepted.length;
  const rejected = {
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(tooNew < events.length && { tooNewLogEventStartIndex: tooNew }),
  };
  return {
    nextSequenceToken: logs.deps.ids.hex(56), // no longer looked at, still answered
    ...(accepted.length < events.length && { rejectedLogEventsInfo: rejected }),
  };
}
