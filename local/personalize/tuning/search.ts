/**
 * Tries several ways to train on a part of the data and says which did best on users kept apart from that part: random search for
 * hyperparameters (Bergstra and Bengio 2012), or one trial for each of several recipes. The users are kept apart from
 * those that the solution version is trained on, never from its test users: those stay unseen.
 *
 * A trial of hyperparameters is ended early by the median rule (Golovin et al. 2017): after an epoch, when its best value so far is
 * below the median of what the trials before it had reached on average by that epoch. The same seed tries the same points; a
 * search that was killed keeps its finished trials.
 */
import { UnlearnableDataError } from "../../recipes/learnable.ts";
import { makeRandom } from "../../recipes/network/random.ts";
import type { Checkpoints } from "../../recipes/recipe.ts";
import { contains, draw } from "./space.ts";
import type { SearchSpace } from "./space.ts";

/** One way to train. */
export interface Candidate {
  readonly recipe: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Trial extends Candidate {
  /** The best value on the validation users; undefined where the recipe cannot learn from these data. */
  readonly value: number | undefined;
  /** Values after each epoch, as far as the trial went. */
  readonly history: readonly number[];
}

/** Before this many trials have ended nothing is known of what is usual. */
const trialsBeforeStopping = 3;

const median = (values: readonly number[]): number => {
  const order = [...values].sort((a, b) => a - b);
  const middle = (order.length - 1) / 2;
  return ((order[Math.floor(middle)] as number) + (order[Math.ceil(middle)] as number)) / 2;
};

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Is it hopeless to go on with a trial that has come to this? */
export function isHopeless(history: readonly number[], earlier: readonly Trial[]): boolean {
  const reached = earlier
    .filter((trial) => trial.history.length >= history.length)
    .map((trial) => mean(trial.history.slice(0, history.length)));
  return reached.length >= trialsBeforeStopping && Math.max(...history) < median(reached);
}

/** The points of a search: the given one first where it lies in the space, then drawn ones, none of them twice. */
export function pointsOf(
  space: SearchSpace,
  { given, count, seed }: { given: Readonly<Record<string, string>>; count: number; seed: number },
): Record<string, string>[] {
  const random = makeRandom(seed);
  const points = new Map<string, Record<string, string>>();
  const add = (point: Record<string, string>) => points.set(JSON.stringify(point), point);
  if (contains(space, given)) add(Object.fromEntries(space.map(({ name }) => [name, given[name] as string])));
  // A small space has fewer points than trials; drawing in vain is ended after a while.
  for (let draws = 0; points.size < count && draws < 50 * count; draws++) add(draw(space, random));
  return [...points.values()];
}

/** The trial with the best value, of equal ones the earliest; undefined when none could learn. */
export function bestOf(trials: readonly Trial[]): Trial | undefined {
  return trials.reduce<Trial | undefined>(
    (best, trial) => (trial.value !== undefined && trial.value > (best?.value ?? -Infinity) ? trial : best),
    undefined,
  );
}

export interface SearchPorts {
  /** Trains one candidate; calls back with the value after each epoch, and ends early when told false. */
  readonly tryOne: (candidate: Candidate, trial: number, afterEpoch: (value: number) => boolean) => Promise<number>;
  /** Where finished trials are kept. */
  readonly memory: Checkpoints;
  readonly endsEarly: boolean;
  readonly tried?: (trials: readonly Trial[]) => void;
}

function remembered(memory: Checkpoints): Trial[] {
  const bytes = memory.load()?.["trials"];
  if (!bytes) return [];
  const trials = JSON.parse(new TextDecoder().decode(bytes)) as (Omit<Trial, "value"> & { value: number | null })[];
  return trials.map((trial) => ({ ...trial, value: trial.value ?? undefined }));
}

/** @returns a trial for each candidate, in order */
export async function search(candidates: readonly Candidate[], ports: SearchPorts): Promise<Trial[]> {
  const trials = remembered(ports.memory);
  for (const [at, candidate] of candidates.entries()) {
    if (at < trials.length) continue;
    trials.push(await tryCandidate(candidate, at, trials, ports));
    const kept = trials.map((trial) => ({ ...trial, value: trial.value ?? null }));
    ports.memory.save({ trials: new TextEncoder().encode(JSON.stringify(kept)) });
    ports.tried?.(trials);
  }
  return trials;
}

async function tryCandidate(
  candidate: Candidate,
  at: number,
  earlier: readonly Trial[],
  { tryOne, endsEarly }: SearchPorts,
): Promise<Trial> {
  const history: number[] = [];
  const afterEpoch = (value: number) => {
    history.push(value);
    return !(endsEarly && isHopeless(history, earlier));
  };
  try {
    const last = await tryOne(candidate, at, afterEpoch);
    return { ...candidate, value: last, history };
  } catch (error) {
    if (!(error instanceof UnlearnableDataError)) throw error;
    return { ...candidate, value: undefined, history };
  }
}
