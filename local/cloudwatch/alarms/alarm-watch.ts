/**
 * Looks at alarms when their metric has news, within a minute, and then at the end of each period until nothing can change
 * any more without news. An alarm whose metric never had any stays in INSUFFICIENT_DATA.
 *
 * The looks are timers of the background: a test's clock does not jump for their sake.
 */
import type { Clock, Timer } from "../../cloud/ports/clock.ts";
import type { Table } from "../../cloud/ports/store.ts";
import type { Alarm } from "../alarms-and-dashboards.ts";
import { type MetricId, metricId, type MetricStore, minuteMilliseconds } from "../metric-store.ts";
import { isEvaluated, judgeAlarm, periodOf, periodsLookedAt, valuesOf } from "./evaluate-alarm.ts";

export interface AlarmWatchDeps {
  readonly clock: Clock;
  readonly alarms: Table<Alarm>;
  readonly metrics: () => MetricStore;
  readonly commit: () => Promise<void>;
  /** Tells of a change of state; its failure is its own business. */
  readonly act: (alarm: Alarm, before: Alarm["state"]) => Promise<void>;
}

export interface AlarmWatch {
  /** There is news of this metric. */
  touch(metric: Pick<MetricId, "namespace" | "name">): void;
  /** Goes on with all alarms whose metric has data; call once at the start. */
  resume(): void;
  close(): void;
}

const idOf = ({ settings }: Alarm): MetricId =>
  metricId(settings.Namespace, settings.MetricName, settings.Dimensions ?? []);

export function createAlarmWatch({ clock, alarms, metrics, commit, act }: AlarmWatchDeps): AlarmWatch {
  const timers = new Map<string, Timer>();
  let isClosed = false;

  function lookAt(name: string, due: number): void {
    timers.get(name)?.cancel();
    if (isClosed) return;
    const run = () => {
      timers.delete(name);
      void look(name);
    };
    timers.set(name, clock.at(due, run, { background: true }));
  }

  async function look(name: string): Promise<void> {
    const alarm = alarms.get(name);
    if (alarm === undefined || !isEvaluated(alarm.settings)) return;
    const release = clock.busy();
    try {
      const [now, length, count] = [clock.now(), periodOf(alarm.settings), periodsLookedAt(alarm.settings)];
      const minutes = metrics().minutes(idOf(alarm), now - (count + 1) * length, now + 1);
      await settle(alarm, judgeAlarm(alarm.settings, valuesOf(alarm.settings, minutes, now), alarm.state));
      // While anything is in sight, the window that moves on may tell another story.
      if (minutes.length > 0) lookAt(name, (Math.floor(now / length) + 1) * length);
    } finally {
      release();
    }
  }

  async function settle(alarm: Alarm, { state, reason }: ReturnType<typeof judgeAlarm>): Promise<void> {
    if (state === alarm.state) return;
    const changed: Alarm = { ...alarm, state, stateReason: reason, stateChangedAt: clock.now() };
    alarms.put(alarm.name, changed);
    await commit();
    await act(changed, alarm.state);
  }

  const nextMinute = () => (Math.floor(clock.now() / minuteMilliseconds) + 1) * minuteMilliseconds;

  return {
    touch({ namespace, name }) {
      for (const { name: alarm, settings } of alarms.values()) {
        if (settings.Namespace === namespace && settings.MetricName === name) lookAt(alarm, nextMinute());
      }
    },
    resume() {
      for (const alarm of alarms.values()) {
        if (metrics().minutes(idOf(alarm), 0, Infinity).length > 0) lookAt(alarm.name, nextMinute());
      }
    },
    close() {
      isClosed = true;
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}
