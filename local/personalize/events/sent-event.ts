/** What events about items and events about actions have in common. */
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";

interface SentEvent {
  readonly properties?: unknown;
  readonly impression?: readonly string[] | undefined;
  readonly recommendationId?: string | undefined;
}

const largestEventBytes = 10 * 1024;

/** Ids alone never make an event too large. */
export function assertEventSize(event: SentEvent): void {
  if (event.properties === undefined && event.impression === undefined) return;
  const bytes = Buffer.byteLength(JSON.stringify(event));
  if (bytes <= largestEventBytes) return;
  throw new InvalidInputException(`An event has ${bytes} bytes; at most ${largestEventBytes} are allowed.`);
}

/** What the user saw: what the event lists, else what the answer that it names recommended. */
export const impressionOf = (
  { answered }: Pick<ControlPlane, "answered">,
  { impression, recommendationId }: SentEvent,
): readonly string[] | undefined =>
  impression ?? (recommendationId === undefined ? undefined : answered.itemsOf(recommendationId));

const notedEveryMs = 1000;

/** For automatic training, which asks only whether anything came since the last one; the events themselves are on disk already. */
export function noteInteractions({ side, clock }: Pick<ControlPlane, "side" | "clock">, datasetGroupArn: string): void {
  const now = clock.now();
  const last = side.newInteractions.get(datasetGroupArn) ?? -Infinity;
  if (now - last >= notedEveryMs) side.newInteractions.put(datasetGroupArn, now);
}
