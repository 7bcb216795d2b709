/**
 * Learning how likely a user takes an action: occasions (opportunities.ts) as examples, features of the action, the user, their past
 * with actions and what they did with items, a factorisation machine over all of them, calibrated on users kept apart.
 */
import { calibrate, type Calibration } from "./calibrate.ts";
import { describeBehaviour } from "./behaviour-features.ts";
import {
  add,
  addRow,
  clear,
  columnsWriter,
  makeRows,
  widthOf,
  type FeatureList,
  type FeatureRows,
} from "./feature-rows.ts";
import { addPast, pastWidth } from "./past-features.ts";
import { findOccasions, outcomeOf, type Occasion, type Outcome } from "./opportunities.ts";
import {
  copyOf,
  createTrainer,
  logit,
  lossOf,
  makeMachine,
  type Machine,
} from "../factorisation/factorisation-machine.ts";
import { UnlearnableDataError } from "../learnable.ts";
import { makeRandom, shuffle, type Random } from "../network/random.ts";
import { pause } from "../pause.ts";
import type { History, TrainingData, TrainingEnvironment } from "../recipe.ts";

export interface Propensity {
  readonly machine: Machine;
  readonly calibration: Calibration;
  readonly pastFirst: number; // index of the first feature of a user's past
  readonly actionRows: FeatureRows; // (actions) one for the action itself, and its metadata
  readonly userRows: FeatureRows; // (users) metadata, and behaviour as of the newest event
}

/** Writes the features of one occasion. */
export function writeFeatures(
  list: FeatureList,
  { pastFirst, actionRows }: Pick<Propensity, "pastFirst" | "actionRows">,
  outcomes: readonly Outcome[],
  asked: { readonly action: number; readonly now: number; readonly history: History },
): void {
  addRow(list, actionRows, asked.action);
  addPast(list, pastFirst, asked.history, outcomes, asked);
}

const settings = { width: 8, epochs: 12, rate: 0.05, ridge: 2e-4, keptApart: 0.15 };
const examplesPerPause = 4096;
const daySeconds = 86_400;

const columnWidth = (columns: TrainingData["itemColumns"]) => columns.reduce((sum, column) => sum + widthOf(column), 0);

/** Where each kind of feature begins. */
function describe(data: TrainingData) {
  const behaviour = describeBehaviour(data.behaviour);
  const actionFirst = data.items.length;
  const pastFirst = actionFirst + columnWidth(data.itemColumns);
  const userFirst = pastFirst + pastWidth;
  const behaviourFirst = userFirst + columnWidth(data.userColumns);
  const writeAction = columnsWriter(data.itemColumns, actionFirst);
  const writeUser = columnsWriter(data.userColumns, userFirst);
  return {
    pastFirst,
    count: behaviourFirst + behaviour.width,
    actionRows: makeRows(data.items.length, (action, list) => {
      add(list, action, 1);
      writeAction(action, list);
    }),
    writeUser: (list: FeatureList, user: number, now: number) => {
      writeUser(user, list);
      behaviour.write(list, behaviourFirst, user, now);
    },
  };
}

const newestTime = (data: TrainingData) => data.timestamp.reduce((newest, time) => Math.max(newest, time), 0);

/** All examples as rows; the past is what the user did before the occasion opened. */
function exampleRows(
  data: TrainingData,
  occasions: readonly Occasion[],
  layout: ReturnType<typeof describe>,
): FeatureRows {
  const outcomes = data.eventTypes.map(outcomeOf);
  return makeRows(occasions.length, (row, list) => {
    const { user, action, position } = occasions[row]!;
    const past = (values: Uint32Array | Uint16Array | Float64Array) => values.subarray(data.offsets[user], position);
    const history = {
      item: past(data.item),
      timestamp: past(data.timestamp),
      eventType: past(data.eventType),
    } as History;
    const now = data.timestamp[position]!;
    writeFeatures(list, layout, outcomes, { action, now, history });
    layout.writeUser(list, user, now);
  });
}

/** Occasions to learn from and occasions to look at, by whose they are. */
function splitOccasions(data: TrainingData, occasions: readonly Occasion[], random: Random) {
  const isApart = Uint8Array.from(data.users, () => Number(random.next() < settings.keptApart));
  const all = Uint32Array.from(occasions.keys());
  const of = (side: number) => all.filter((n) => isApart[occasions[n]!.user] === side);
  return { learnt: of(0), apart: of(1) };
}

export async function learnPropensity(
  data: TrainingData,
  periodDays: number,
  environment: TrainingEnvironment,
): Promise<Propensity> {
  const occasions = findOccasions(data, periodDays);
  const labels = Uint8Array.from(occasions, ({ isTaken }) => Number(isTaken));
  assertBothOutcomes(labels);
  const layout = describe(data);
  const rows = exampleRows(data, occasions, layout);
  const random = makeRandom(environment.seed);
  const { learnt, apart } = splitOccasions(data, occasions, random);
  const start = makeMachine(layout.count, settings.width, random);
  const { machine, logits } = await trainMachine(start, { rows, labels, learnt, apart }, random, environment);
  const end = newestTime(data) + daySeconds;
  return {
    machine,
    calibration: calibrate(logits, labelsOf(apart, labels)),
    pastFirst: layout.pastFirst,
    actionRows: layout.actionRows,
    userRows: makeRows(data.users.length, (user, to) => layout.writeUser(to, user, end)),
  };
}

interface Examples {
  readonly rows: FeatureRows;
  readonly labels: Uint8Array;
  readonly learnt: Uint32Array; // examples, by their row
  readonly apart: Uint32Array;
}

const labelsOf = (examples: Uint32Array, labels: Uint8Array) => Uint8Array.from(examples, (n) => labels[n]!);

/** Learns until the examples kept apart are no longer predicted better. @returns the best machine, and its logits of those. */
async function trainMachine(
  machine: Machine,
  { rows, labels, learnt, apart }: Examples,
  random: Random,
  { signal, progress }: Pick<TrainingEnvironment, "signal" | "progress">,
): Promise<{ readonly machine: Machine; readonly logits: Float64Array }> {
  const { epochs, width } = settings;
  const train = createTrainer(machine, settings);
  const [list, sums]: [FeatureList, Float64Array] = [{ index: [], value: [] }, new Float64Array(width)];
  const example = (n: number) => {
    clear(list);
    addRow(list, rows, n);
    return list;
  };
  let best = { loss: Infinity, machine, logits: new Float64Array(apart.length) };
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(learnt, random);
    let loss = 0;
    for (const [k, n] of learnt.entries()) {
      loss += train(example(n), labels[n]!);
      if (k % examplesPerPause !== 0) continue;
      progress({ fraction: (epoch + k / learnt.length) / epochs, epoch, epochs });
      await pause(signal);
    }
    const logits = Float64Array.from(apart, (n) => logit(machine, example(n), sums));
    const metric = { name: "cross-entropy", value: meanLoss(logits, labelsOf(apart, labels)) };
    loss /= Math.max(1, learnt.length);
    progress({ fraction: (epoch + 1) / epochs, epoch: epoch + 1, epochs, loss, metric });
    if (apart.length > 0 && metric.value > best.loss) break;
    best = { loss: metric.value, machine: copyOf(machine), logits };
  }
  return best;
}

function assertBothOutcomes(labels: Uint8Array): void {
  const taken = labels.reduce((sum, label) => sum + label, 0);
  if (taken > 0 && taken < labels.length) return;
  throw new UnlearnableDataError(
    `The action interactions have ${taken} occasions at which an action was taken and ${labels.length - taken} at which it was not: import events of the types TAKEN and NOT_TAKEN (or VIEWED)`,
  );
}

function meanLoss(logits: Float64Array, labels: Uint8Array): number {
  let sum = 0;
  for (let n = 0; n < logits.length; n++) sum += lossOf(logits[n]!, labels[n]!);
  return sum / Math.max(1, logits.length);
}
