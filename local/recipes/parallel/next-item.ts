/**
 * The end of every network here: the cross-entropy of the next item, and the gradients that it sends back.
 *
 *   logit(c) = dropout(h_n) · E[c] + offset(c)        loss = -ln softmax(logit)[next item], Σ over the positions
 *
 * The item embeddings E also serve as inputs (Press and Wolf 2017). Candidates c are the whole catalogue, or a sample whose offset
 * holds -ln of the chance of being sampled (Bengio and Senécal 2008).
 */
import type { Kernels, Strided } from "../../kernels/kernels.ts";
import { bindSide } from "../features/side.ts";
import type { Memory } from "./plan.ts";
import { blockRows, fact, readTable, type TrainingSizes } from "./training-memory.ts";

export const rowMajor = (data: Float32Array, columns: number): Strided => ({ data, row: columns, column: 1 });
export const transposed = (data: Float32Array, columns: number): Strided => ({ data, row: 1, column: columns });

export function drop(k: Kernels, values: Float32Array, length: number, rate: number, seed: number): void {
  if (rate > 0) k.dropout(values, length, rate, seed);
}

export interface NextItem {
  /** Packs the candidates' embeddings; before `predict`, once a step. */
  pack(): void;
  /**
   * Rewrites stateGradient (N, H) and adds to the thread's tableGradient.
   *
   * @param state (N, H)
   * @returns the summed loss in nats
   */
  predict(state: Float32Array, stateGradient: Float32Array, seed: number): number;
}

/** Binds thread p's arrays once. */
export function bindNextItem(k: Kernels, memory: Memory, sizes: TrainingSizes, p: number): NextItem {
  const { width: H, positions: N } = sizes;
  const a = arraysOf(memory, p, readTable(sizes));
  const side = bindSide(k, memory, sizes, p);
  const count = () => a.facts[fact.candidates]!;
  return {
    pack: () => {
      const C = count();
      const whole = C === sizes.items;
      if (!whole) k.gatherRows(a.table, a.candidate, a.candidates, C, H);
      const embeddings = whole ? a.table : a.candidates;
      k.packRight(transposed(embeddings, H), H, C, a.packedCandidates);
      k.packRight(rowMajor(embeddings, H), C, H, a.packedCandidatesBack);
    },
    predict: (state, stateGradient, seed) => {
      const valid = compactTargets(a, N);
      stateGradient.fill(0);
      if (valid === 0) return 0;
      k.gatherRows(state, a.valid, a.output, valid, H);
      side?.addOutputs(a.output, a.valid, valid);
      drop(k, a.output, valid * H, a.facts[fact.outputDropout]!, seed);
      let loss = 0;
      for (let from = 0; from < valid; from += blockRows) {
        loss += predictBlock(k, a, { from, rows: Math.min(blockRows, valid - from), H, C: count() });
      }
      drop(k, a.outputGradient, valid * H, a.facts[fact.outputDropout]!, seed);
      side?.outputGradients(a.outputGradient, a.valid, valid);
      k.scatterAddRows(stateGradient, a.valid, a.outputGradient, valid, H);
      return loss;
    },
  };
}

type Arrays = ReturnType<typeof arraysOf>;

function arraysOf(memory: Memory, p: number, table: string) {
  const f = (name: string) => memory.f32(name, p);
  const u = (name: string) => memory.u32(name, p);
  return {
    ...{ facts: memory.f32("facts"), table: memory.f32(table) },
    ...{ candidate: memory.u32("candidate"), candidateOffset: memory.f32("candidateOffset") },
    ...{ target: u("target"), weight: f("weight") },
    ...{ valid: u("valid"), validTarget: u("validTarget"), validWeight: f("validWeight") },
    ...{ output: f("output"), outputGradient: f("outputGradient"), tableGradient: f("tableGradient") },
    ...{ candidates: f("candidates"), logits: f("logits"), scratch: f("scratch") },
    ...{ packedCandidates: f("packedCandidates"), packedCandidatesBack: f("packedCandidatesBack") },
    packedBlock: f("packedBlock"),
  };
}

interface Block {
  readonly from: number;
  readonly rows: number;
  readonly H: number;
  readonly C: number;
}

function predictBlock(k: Kernels, a: Arrays, { from, rows, H, C }: Block): number {
  const output = a.output.subarray(from * H);
  k.multiplyPacked(rowMajor(output, H), a.packedCandidates, a.logits, C, rows, H, C, false, a.scratch);
  const target = a.validTarget.subarray(from);
  const loss = k.softmaxCrossEntropy(a.logits, C, a.candidateOffset, target, a.validWeight.subarray(from), rows, C);
  const gradient = a.outputGradient.subarray(from * H);
  k.multiplyPacked(rowMajor(a.logits, C), a.packedCandidatesBack, gradient, H, rows, C, H, false, a.scratch);
  k.packRight(rowMajor(output, H), rows, H, a.packedBlock);
  k.multiplyPacked(transposed(a.logits, C), a.packedBlock, a.tableGradient, H, C, rows, H, true, a.scratch);
  return loss;
}

/** Lists the positions that have something to predict, so that the softmax skips the others. */
function compactTargets(a: Arrays, positions: number): number {
  let valid = 0;
  for (let n = 0; n < positions; n++) {
    if (a.weight[n] === 0) continue;
    a.valid[valid] = n;
    a.validTarget[valid] = a.target[n]!;
    a.validWeight[valid++] = a.weight[n]!;
  }
  return valid;
}
