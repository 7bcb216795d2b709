/**
 * Recommenders train anew from all data every seven days from their creation, whatever came meanwhile, and serve the old model until the
 * new one is loaded. Due times are rows, so they outlive the process.
 */
import type { Timer } from "../../cloud/ports/clock.ts";
import type { ControlPlane } from "../control-plane.ts";
import { newModel } from "./training.ts";

const weekMs = 7 * 24 * 3_600_000;

export interface Retraining {
  /** Starts the week of a recommender that has been made. */
  schedule(recommenderArn: string): void;
  resume(): void;
  close(): void;
}

export function createRetraining(plane: () => ControlPlane): Retraining {
  const timers = new Map<string, Timer>();

  function arm(arn: string, due: number): void {
    const { side, clock, log } = plane();
    side.retrainings.put(arn, due);
    timers.get(arn)?.cancel();
    const fire = () => {
      const release = clock.busy();
      retrain(arn)
        .catch((error: unknown) => log(`personalize: retraining of ${arn}: ${String(error)}`))
        .finally(release);
    };
    timers.set(arn, clock.at(due, fire, { background: true }));
  }

  /** A recommender that is stopped, or being changed, waits for the next week. */
  async function retrain(arn: string): Promise<void> {
    const { tables, side, transitions, clock, store } = plane();
    const row = tables.recommender.get(arn);
    if (!row) {
      side.retrainings.delete(arn);
      return;
    }
    const isBusy = (["recommender.update", "recommender.retrain"] as const).some((name) =>
      transitions.isUnderWay(name, arn),
    );
    if (row.status === "ACTIVE" && !isBusy) {
      side.recommenderModels.put(arn, { ...side.recommenderModels.get(arn), retrained: newModel(plane(), arn) });
      transitions.begin("recommender.retrain", arn);
    }
    arm(arn, clock.deadline(weekMs));
    await store.commit();
  }

  return {
    schedule(arn) {
      if (plane().settings.automaticTraining) arm(arn, plane().clock.deadline(weekMs));
    },
    resume() {
      for (const [arn, due] of [...plane().side.retrainings.entries()]) arm(arn, due);
    },
    close() {
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}
