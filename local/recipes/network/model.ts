/** The trained personaliser in memory and as blobs. Unknown users get the popular items, by the same scores: their share of users. */
import { logSumExp, rankBySoftmax, topItems } from "../best-first.ts";
import { bytesOf, bytesOfJson, doubles, floats, integers, json, type Blobs } from "../blobs.ts";
import { explore, type Scores } from "../exploration/explore.ts";
import { loadNovelty, saveNovelty, type Novelty } from "../exploration/novelty.ts";
import { loadSide, saveSide, vectorsFor, type SideParts, type SideVectors } from "../features/side-model.ts";
import { popularityOf } from "../popularity.ts";
import type { History, Model, Query, Scored } from "../recipe.ts";
import { answerMany } from "../scoring/answer-many.ts";
import { addSignals } from "./blend.ts";
import type { Network } from "./serve.ts";
import { createSignals } from "./signals.ts";
import type { Transitions } from "./transitions.ts";
import type { Weights } from "./train.ts";

export interface Facts {
  readonly recipe: string;
  readonly items: readonly string[];
  readonly eventTypes: readonly string[];
  /** Epoch seconds of the newest event learnt from; models of earlier versions do not say. */
  readonly newest?: number;
}

export interface Parts {
  readonly facts: Facts;
  readonly weights: Weights;
  readonly prior: Float32Array; // (I) ln of the item's share of events
  readonly blend: Float64Array; // weights of the network's logit and the signals
  readonly transitions: Transitions;
  readonly users: Uint32Array; // (I) distinct users
  readonly side?: SideParts; // of models that read metadata and context
  readonly novelty?: Novelty; // of models that explore
}

export interface PersonalizerModel extends Model {
  readonly parts: Parts;
}

const withNorm = (scores: Float32Array): Scores => ({ scores, norm: logSumExp(scores) });

export function makeModel(parts: Parts, network: Network): PersonalizerModel {
  const { rank } = popularityOf(parts.users);
  const popular = Float32Array.from(parts.users, (users) => Math.log(users + 0.5));
  const signals = createSignals(parts.transitions, parts.prior);
  const known = new WeakMap<History, Scores>(); // a history never changes; who keeps it keeps its scores
  const stateOf = (history: History, about: SideVectors | undefined): Float32Array => {
    const state = network.states(history, about?.input).slice(-network.width);
    return about ? state.map((value, x) => value + about.output[x]!) : state;
  };
  const scoresOfHistory = (history: History, about: SideVectors | undefined): Scores => {
    const [scores] = network.catalogue.scores(stateOf(history, about), 1, parts.blend[0]!) as [Float32Array]; // of one
    addSignals(scores, parts.blend, signals(history.item));
    return { scores: scores.slice(), norm: network.catalogue.norm(scores) };
  };
  const unknownUser = withNorm(popular);
  /** Popular items, and among them those that go with what is known of the user and the context. */
  const scoresOfStranger = (about: SideVectors): Scores => {
    const scores = network.logits(about.output).slice();
    return withNorm(scores.map((score, i) => score - parts.prior[i]! + popular[i]!));
  };
  const scoresFor = (query: Query): Scores => {
    const { history } = query;
    const isKnown = history !== undefined && history.item.length > 0;
    const found = isKnown && query.context === undefined ? known.get(history) : undefined;
    if (found) return found;
    const about = parts.side && vectorsFor(parts.side, query, network.width);
    if (!isKnown) return about ? scoresOfStranger(about) : unknownUser;
    const scores = scoresOfHistory(history, about);
    if (query.context === undefined) known.set(history, scores);
    return scores;
  };
  const recommend = (query: Query): Scored[] => {
    const { scores, norm } = scoresFor(query);
    if (query.exploration && parts.novelty) {
      return explore({ scores, norm }, rank, query, parts.novelty, query.exploration);
    }
    const best = topItems(scores, rank, query.count, query.allowed);
    return best.map((item) => ({ item, score: Math.exp(scores[item]! - norm) }));
  };
  return {
    ...parts.facts,
    parts,
    recommend,
    recommendMany: (queries) =>
      answerMany(queries, {
        ...{ network, weights: parts.blend, signals, recommend },
        stateOf: (query) => stateOf(query.history!, parts.side && vectorsFor(parts.side, query, network.width)),
      }),
    rank: (query, items) => rankBySoftmax(items, scoresFor(query).scores, rank),
  };
}

export function saveModel({ parts }: PersonalizerModel): Record<string, Uint8Array> {
  const { facts, weights, prior, blend: blendWeights, transitions, users } = parts;
  return {
    facts: bytesOfJson(facts),
    table: bytesOf(weights.table),
    dense: bytesOf(weights.dense),
    prior: bytesOf(prior),
    blend: bytesOf(blendWeights),
    followerOffsets: bytesOf(transitions.offsets),
    followers: bytesOf(transitions.items),
    followerShare: bytesOf(transitions.share),
    users: bytesOf(users),
    ...(parts.side && saveSide(parts.side)),
    ...(parts.novelty && saveNovelty(parts.novelty)),
  };
}

export function partsOf(blobs: Blobs): Parts {
  const side = loadSide(blobs);
  const novelty = loadNovelty(blobs);
  return {
    facts: json<Facts>(blobs, "facts"),
    weights: { table: floats(blobs, "table"), dense: floats(blobs, "dense"), ...(side && { side: side.table }) },
    ...(side && { side }),
    ...(novelty && { novelty }),
    prior: floats(blobs, "prior"),
    blend: doubles(blobs, "blend"),
    transitions: {
      offsets: integers(blobs, "followerOffsets"),
      items: integers(blobs, "followers"),
      share: floats(blobs, "followerShare"),
    },
    users: integers(blobs, "users"),
  };
}
