/** What is asked of the users whom the network does not learn from: choices to fit the blend on, and how well it does so far. */
import type { History, TrainingData, TrainingProgress } from "../recipe.ts";
import type { Choice, Signals } from "./blend.ts";
import type { Network } from "./serve.ts";

/** Longest stretch of a history that one training sequence and one query read. */
export const longestHistory = 256;
export const mostChoices = 1500;
const mostChoiceNumbers = 12_000_000; // logits kept for the fit
const mostLooks = 100;
const listLength = 25;

/** At most `most` of the users, evenly spread. */
export function spread(users: Uint32Array, most: number): Uint32Array {
  if (users.length <= most) return users;
  return Uint32Array.from({ length: most }, (_, k) => users[Math.floor((k * users.length) / most)]!);
}

/** All but the newest event of a user, as far back as is read; and that newest event. */
function pastOf(data: TrainingData, u: number): { readonly history: History; readonly from: number } {
  const to = data.offsets[u + 1]! - 1;
  const from = Math.max(data.offsets[u]!, to - longestHistory);
  const part = <T extends Uint32Array | Float64Array | Uint16Array>(array: T) => array.subarray(from, to) as T;
  return { history: { item: part(data.item), timestamp: part(data.timestamp), eventType: part(data.eventType) }, from };
}

/** What came next at evenly spread places in the newer half of each history. */
export function choicesOf(
  data: TrainingData,
  users: Uint32Array,
  networkOf: (user: number) => Network,
  signals: (history: Uint32Array) => Signals,
  atMost = mostChoices,
): Choice[] {
  const most = Math.min(atMost, Math.max(1, Math.floor(mostChoiceNumbers / data.items.length)));
  const asked = spread(users, most);
  const each = Math.max(1, Math.floor(most / Math.max(1, asked.length)));
  const choices: Choice[] = [];
  for (const u of asked) {
    const { history, from } = pastOf(data, u);
    const network = networkOf(u);
    const states = network.states(history).slice();
    const length = history.item.length;
    const known = states.length / network.width; // a network may read fewer events than the history has
    const places = Math.min(each, Math.ceil(known / 2));
    for (let k = 0; k < places; k++) {
      const back = Math.floor((k * Math.ceil(known / 2)) / places);
      const [n, row] = [length - 1 - back, (known - 1 - back) * network.width];
      const state = states.subarray(row, row + network.width);
      const logits = network.opinions?.(state) ?? [network.logits(state)];
      choices.push({
        logits: logits.map((each) => each.slice()),
        signals: signals(history.item.subarray(0, n + 1)),
        chosen: data.item[from + n + 1]!,
      });
    }
  }
  return choices;
}

/** How high the network alone ranks the newest item of at most a hundred of the users; undefined where there are none. */
export function lookAt(
  data: TrainingData,
  users: Uint32Array,
  networkOf: (user: number) => Network,
): TrainingProgress["metric"] {
  const asked = spread(users, mostLooks);
  if (asked.length === 0) return undefined;
  let sum = 0;
  for (const u of asked) {
    const { history } = pastOf(data, u);
    const network = networkOf(u);
    const logits = network.logits(network.states(history).slice(-network.width));
    const wanted = logits[data.item[data.offsets[u + 1]! - 1]!]!;
    let rank = 0; // equal scores count as ranked before
    for (let i = 0; i < logits.length; i++) if (logits[i]! >= wanted) rank++;
    if (rank <= listLength) sum += 1 / rank;
  }
  return { name: "mean_reciprocal_rank_at_25", value: sum / asked.length };
}
