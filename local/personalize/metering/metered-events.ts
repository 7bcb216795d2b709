/** Counts the bytes of sent events, items, users and actions by dataset group: they are billed like imports. */
import type { Operation } from "../../cloud/ports/service.ts";
import { those, type ControlPlane } from "../control-plane.ts";

interface Sent {
  readonly trackingId?: string;
  readonly datasetArn?: string;
}

export const meteringEvents = (
  operations: Readonly<Record<string, Operation>>,
  plane: ControlPlane,
): Record<string, Operation> =>
  Object.fromEntries(
    Object.entries(operations).map(([name, run]): [string, Operation] => [
      name,
      async (input: Sent, context) => {
        const answer = await run(input, context);
        const group = groupOf(plane, input);
        if (group !== undefined) plane.meter.sent(group, Buffer.byteLength(JSON.stringify(input)));
        return answer;
      },
    ]),
  );

function groupOf(plane: ControlPlane, { trackingId, datasetArn }: Sent): string | undefined {
  if (datasetArn !== undefined) return plane.tables.dataset.get(datasetArn)?.datasetGroupArn;
  const [tracker] = those(plane, "eventTracker", (row) => row.trackingId === trackingId);
  const [dataset] = tracker ? [tracker] : those(plane, "dataset", (row) => row.trackingId === trackingId);
  return dataset?.datasetGroupArn;
}
