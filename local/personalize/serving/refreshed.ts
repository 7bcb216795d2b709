/**
 * Models that are to be looked at anew as time goes on without being trained: trending-now takes in what came since in each of its
 * intervals. Looked at when somebody asks and an interval is over.
 */
import type { Clock } from "../../cloud/ports/clock.ts";
import type { Model } from "../../recipes/recipe.ts";
import type { ServingModel } from "../job-runner.ts";

interface Refreshed {
  readonly model: Model;
  /** Epoch milliseconds. */
  readonly due: number;
  /** Epoch seconds up to which the model has seen what came. */
  readonly until: number;
}

export interface RefreshedModels {
  /** The model to ask now. */
  of(serving: ServingModel): Model;
}

export function createRefreshedModels(clock: Pick<Clock, "now" | "deadline">): RefreshedModels {
  const known = new WeakMap<ServingModel, Refreshed>();
  return {
    of(serving) {
      const { intervals } = serving.model;
      if (!intervals || !serving.model.refreshed) return serving.model;
      const { until, seconds } = intervals;
      const last = known.get(serving) ?? { model: serving.model, until, due: (until + seconds) * 1000 };
      if (clock.now() < last.due) return last.model;
      const now = Math.floor(clock.now() / 1000);
      const model = last.model.refreshed?.(serving.eventsBetween(last.until, now), now) ?? last.model;
      known.set(serving, { model, until: now, due: clock.deadline(seconds * 1000) });
      return model;
    },
  };
}
