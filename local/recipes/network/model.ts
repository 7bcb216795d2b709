/** The trained personaliser in memory and as blobs. Unknown users get the popular items, by the same scores: their share of users. */
import { logSumExp, rankBySoftmax, topItems } from "../best-first.ts";
import { bytesOf, bytesOfJson, doubles, floats, integers, json, type Blobs } from "../blobs.ts";
import { explore, type Scores } from "../exploration/explore.ts";
import { loadNovelty, saveNovelty, type Novelty } from "../exploration/novelty.ts";
import { loadSide, saveSide, vectorsFor, type SideParts, type SideVectors } from "../features/side-model.ts";
import { popularityOf } from "../popularity.ts";
import type { Model, Query, Scored } from "../recipe.ts";
import { answerMany } from "../scoring/answer-many.ts";
import type { Network } from "./serve.ts";
import { isKnown, type Known, rememberScores } from "./remembered.ts";
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
  /** What the request says besides the user is no part of a state to be remembered. */
  const stateOf = ({ history, context }: Known, about: SideVectors | undefined): Float32Array => {
    const last = context ? undefined : network.last;
    const state = last?.(history, about?.input) ?? network.states(history, about?.input).slice(-network.width);
    return about ? state.map((value, x) => value + about.output[x]!) : state;
  };
  /** Reused by the next call. */
  const scoresOfHistory = (query: Known, about: SideVectors | undefined): Float32Array => {
    const [scores] = network.catalogue.scores(stateOf(query, about), 1, parts.blend[0]!) as [Float32Array]; // of one
    signals.addTo(scores, query.history.item, parts.blend);
    return scores;
  };
  const unknownUser = withNorm(popular);
  /** Popular items, and among them those that go with what is known of the user and the context. */
  const scoresOfStranger = (about: SideVectors): Scores => {
    const scores = network.logits(about.output).slice();
    return withNorm(scores.map((score, i) => score - parts.prior[i]! + popular[i]!));
  };
  const aboutOf = (query: Query) => parts.side && vectorsFor(parts.side, query, network.width);
  const remembered = rememberScores(network, rank, (query) => scoresOfHistory(query, aboutOf(query)));
  const scoresFor = (query: Query): Scores => {
    if (isKnown(query) && !query.context) return remembered.all(query);
    const about = aboutOf(query);
    if (isKnown(query)) return withNorm(scoresOfHistory(query, about).slice());
    return about ? scoresOfStranger(about) : unknownUser;
  };
  const recommend = (query: Query): Scored[] => {
    const exploration = parts.novelty && query.exploration;
    if (isKnown(query) && !query.context && !exploration) return remembered.best(query);
    const { scores, norm } = scoresFor(query);
    if (parts.novelty && exploration) return explore({ scores, norm }, rank, query, parts.novelty, exploration);
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
        stateOf: (query) => stateOf(query, aboutOf(query)),
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
