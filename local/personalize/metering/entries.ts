/**
 * What the service would put on a bill, as it happens: one row for each training, import, batch job and day of sent records, and one
 * for each stretch of time that a campaign or recommender is kept ready. Requests are counted elsewhere (../serving/usage.ts).
 * Rows stay when what they are of is deleted: a bill does not forget either.
 */
import type { Table } from "../../cloud/ports/store.ts";
import type { UsageWindow } from "../serving/usage.ts";

interface Of {
  readonly datasetGroupArn: string;
  /** Of the solution, campaign, recommender or job. */
  readonly name: string;
}

export type MeterEntry =
  | (Of & {
      readonly kind: "training";
      readonly at: number;
      readonly recipe: string;
      /** As measured here: hours of four threads. */
      readonly hours: number;
      /** Trained on; 0 for a training that was stopped. */
      readonly interactions: number;
      /** More than one where hyperparameters were searched. */
      readonly trainings: number;
    })
  | (Of & { readonly kind: "import"; readonly at: number; readonly bytes: number })
  /** `at` is the beginning of the day (UTC). */
  | (Of & { readonly kind: "sent"; readonly at: number; readonly bytes: number })
  | (Of & {
      readonly kind: "batch";
      readonly at: number;
      readonly job: "inference" | "segment";
      readonly records: number;
      /** The model's users, of segments. */
      readonly users: number;
    })
  | Provisioned;

/** A campaign (`tps`) or recommender (`users`) that is kept ready; `to` is absent as long as it is. */
export type Provisioned = Of & {
  readonly kind: "campaign" | "recommender";
  readonly arn: string;
  readonly recipe: string;
  readonly tps: number;
  readonly users: number;
  readonly from: number;
  readonly to?: number;
};

/** Everything up to an instant; what /_outrank/meter answers. Instants are epoch milliseconds. */
export interface MeterReport {
  readonly at: number;
  readonly entries: readonly MeterEntry[];
  readonly windows: readonly UsageWindow[];
}

const dayMs = 86_400_000;

/** The table's few sentences; the caller commits. */
export function createMeter(table: Table<MeterEntry>, now: () => number) {
  const openOf = (arn: string) =>
    [...table.entries()].find(([, entry]) => "arn" in entry && entry.arn === arn && entry.to === undefined);

  function close(arn: string): void {
    const open = openOf(arn);
    if (open) table.put(open[0], { ...(open[1] as Provisioned), to: now() });
  }

  return {
    /** @param key of what happened once: doing it again puts the same row again */
    note: (key: string, entry: Exclude<MeterEntry, Provisioned>) => table.put(`${entry.kind} ${key}`, entry),
    sent(datasetGroupArn: string, bytes: number) {
      const at = now() - (now() % dayMs);
      const key = `sent ${datasetGroupArn} ${at}`;
      const before = table.get(key);
      const sum = bytes + (before?.kind === "sent" ? before.bytes : 0);
      table.put(key, { kind: "sent", datasetGroupArn, name: "sent records", at, bytes: sum });
    },
    /** Ends the stretch before, if there is one. */
    keepReady(entry: Omit<Provisioned, "from" | "to">) {
      close(entry.arn);
      table.put(`${entry.kind} ${entry.arn} ${now()}`, { ...entry, from: now() });
    },
    close,
    entries: () => [...table.values()],
  };
}

export type Meter = ReturnType<typeof createMeter>;
