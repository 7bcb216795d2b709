/** What the blend is fitted on: what came next at evenly spread places in the newer half of the last window of each history. */
import type { Choice, Signals } from "../network/blend.ts";
import type { Network } from "../network/serve.ts";
import type { TrainingData } from "../recipe.ts";

const mostChoices = 1500;
const mostChoiceNumbers = 12_000_000; // logits kept for the fit

interface Options {
  readonly network: Network;
  readonly steps: number; // S, events that the network reads
  readonly signals: (history: Uint32Array) => Signals;
}

export function choicesOf(data: TrainingData, users: Uint32Array, { network, steps, signals }: Options): Choice[] {
  const most = Math.min(mostChoices, Math.max(1, Math.floor(mostChoiceNumbers / data.items.length)));
  const each = Math.max(1, Math.floor(most / Math.max(1, users.length)));
  const choices: Choice[] = [];
  for (const u of users) {
    const [begin, end] = [data.offsets[u]!, data.offsets[u + 1]! - 1];
    const from = Math.max(begin, end - steps);
    const history = {
      item: data.item.subarray(from, end),
      timestamp: data.timestamp.subarray(from, end),
      eventType: data.eventType.subarray(from, end),
    };
    const states = network.states(history).slice();
    const newer = Math.ceil((end - from) / 2);
    const places = Math.min(each, newer);
    for (let k = 0; k < places; k++) {
      const n = end - from - 1 - Math.floor((k * newer) / places);
      const logits = network.logits(states.subarray(n * network.width, (n + 1) * network.width)).slice();
      const seen = data.item.subarray(begin, from + n + 1);
      choices.push({ logits, signals: signals(seen), chosen: data.item[from + n + 1]! });
    }
  }
  return choices;
}
