/** The answers to several queries, sixteen to a pass over the items (catalogue.ts). */
import { isKnown, type Known } from "../network/remembered.ts";
import type { Network } from "../network/serve.ts";
import type { SignalReader } from "../network/signals.ts";
import type { Query, Scored } from "../recipe.ts";
import { mostQueries } from "./catalogue.ts";

interface Options {
  readonly network: Network;
  /** Of the network's logits and of the signals. */
  readonly weights: Float64Array;
  readonly signals: Pick<SignalReader, "addTo">;
  /** What a query with a history asks the catalogue with, (H). */
  readonly stateOf: (query: Known) => Float32Array;
  /** For queries that no history makes personal, and those that explore. */
  readonly recommend: (query: Query) => Scored[];
}

export function answerMany(queries: readonly Query[], options: Options): Scored[][] {
  const answers = new Array<Scored[]>(queries.length);
  const personal: { readonly place: number; readonly query: Known }[] = [];
  for (const [place, query] of queries.entries()) {
    if (isKnown(query) && !query.exploration) personal.push({ place, query });
    else answers[place] = options.recommend(query);
  }
  for (let first = 0; first < personal.length; first += mostQueries) {
    const asked = personal.slice(first, first + mostQueries);
    const found = answerTogether(
      asked.map(({ query }) => query),
      options,
    );
    asked.forEach(({ place }, at) => (answers[place] = found[at]!));
  }
  return answers;
}

/** @param queries at most `mostQueries`, each with a history */
function answerTogether(queries: readonly Known[], { network, weights, signals, stateOf }: Options): Scored[][] {
  const { width, catalogue } = network;
  const states = new Float32Array(queries.length * width);
  for (const [q, query] of queries.entries()) states.set(stateOf(query), q * width);
  return catalogue.scores(states, queries.length, weights[0]!).map((scores, q) => {
    const { history, count, allowed } = queries[q]!;
    signals.addTo(scores, history.item, weights);
    const norm = catalogue.norm(scores);
    return Array.from(catalogue.best(scores, count, allowed), (item) => ({
      item,
      score: Math.exp(scores[item]! - norm),
    }));
  });
}
