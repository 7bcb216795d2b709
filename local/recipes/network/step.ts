/**
 * One thread's share of a training step of the recurrent network: forward and backward over its lanes' window, into its own
 * gradients. What a step computes, for each lane and step s (σ, tanh, gates: kernels/gru.ts):
 *
 *   x_s = Σ_f E[row_f(event s)]                       h_s = GRU(x_s, h_{s-1}); where a session begins: sessions.ts
 *
 * What is predicted from h_s, and the loss: ../parallel/next-item.ts.
 */
import type { Kernels } from "../../kernels/kernels.ts";
import { bindSide, type Side } from "../features/side.ts";
import { bindNextItem, drop, rowMajor, transposed } from "../parallel/next-item.ts";
import type { Memory } from "../parallel/plan.ts";
import { fact, readTable } from "../parallel/training-memory.ts";
import { denseParts } from "./dense.ts";
import { trainingSizes, type Sizes } from "./layout.ts";
import { bindSessions, unitGradients } from "./sessions.ts";

/** Binds thread p's arrays once; the returned function runs its share of a step and returns the summed loss in nats. */
export function bindStep(kernels: Kernels, memory: Memory, sizes: Sizes, p: number): () => number {
  const arrays = {
    ...threadArrays(kernels, memory, p, sizes),
    side: bindSide(kernels, memory, trainingSizes(sizes), p),
  };
  const nextItem = bindNextItem(kernels, memory, trainingSizes(sizes), p);
  return () => {
    packWeights(kernels, arrays, sizes);
    arrays.sessions.pack();
    nextItem.pack();
    forward(kernels, arrays, sizes);
    const loss = nextItem.predict(arrays.state, arrays.stateGradient, arrays.seed(1));
    backward(kernels, arrays, sizes);
    return loss;
  };
}

type Arrays = ReturnType<typeof threadArrays> & { readonly side: Side | undefined };

function threadArrays(kernels: Kernels, memory: Memory, p: number, sizes: Sizes) {
  const { width, threads } = sizes;
  const f = (name: string) => memory.f32(name, p);
  const u = (name: string) => memory.u32(name, p);
  const facts = memory.f32("facts");
  const [weights, gradients] = [memory.f32("dense"), f("denseGradient")].map((all) => denseParts(all, width));
  return {
    sessions: bindSessions(kernels, memory, sizes, p, weights!, gradients!),
    /** A different one for every step, thread and place of dropout. */
    seed: (place: number) => (facts[fact.step]! * threads + p) * 2 + place,
    facts,
    ...{ table: memory.f32(readTable(sizes)), weights: weights!.session, gradients: gradients!.session },
    ...{ inputRow: u("inputRow"), inputTouched: u("inputTouched") },
    ...{ input: f("input"), feature: f("feature"), inputGates: f("inputGates"), recurrentGates: f("recurrentGates") },
    ...{ gates: f("gates"), before: f("before"), state: f("state"), carried: f("carried"), lane: f("lane") },
    stateGradient: f("stateGradient"),
    ...{ inputGatesGradient: f("inputGatesGradient"), recurrentGatesGradient: f("recurrentGatesGradient") },
    scratch: f("scratch"),
    tableGradient: f("tableGradient"),
    ...{ packedInput: f("packedInput"), packedRecurrent: f("packedRecurrent") },
    ...{ packedInputBack: f("packedInputBack"), packedRecurrentBack: f("packedRecurrentBack") },
    packedPositions: f("packedPositions"),
  };
}

function packWeights(k: Kernels, a: Arrays, { width: H }: Sizes): void {
  k.packRight(rowMajor(a.weights.input, 3 * H), H, 3 * H, a.packedInput);
  k.packRight(rowMajor(a.weights.recurrent, 3 * H), H, 3 * H, a.packedRecurrent);
  k.packRight(transposed(a.weights.input, 3 * H), 3 * H, H, a.packedInputBack);
  k.packRight(transposed(a.weights.recurrent, 3 * H), 3 * H, H, a.packedRecurrentBack);
}

function forward(k: Kernels, a: Arrays, { width: H, lanes: B, steps: S, features }: Sizes): void {
  const positions = B * S;
  k.gatherRows(a.table, a.inputRow, a.input, positions, H);
  for (let f = 1; f < features; f++) {
    k.gatherRows(a.table, a.inputRow.subarray(f * positions), a.feature, positions, H);
    k.addInto(a.input, a.feature, positions * H);
  }
  a.side?.addInputs(a.input);
  drop(k, a.input, positions * H, a.facts[fact.inputDropout]!, a.seed(0));
  for (let n = 0; n < positions; n++) a.inputGates.set(a.weights.inputBias, n * 3 * H);
  k.multiplyPacked(rowMajor(a.input, H), a.packedInput, a.inputGates, 3 * H, positions, H, 3 * H, true, a.scratch);
  for (let s = 0; s < S; s++) {
    const at = s * B * H;
    a.before.set(s === 0 ? a.carried : a.state.subarray(at - B * H, at), at);
    a.sessions.open(s, a.before.subarray(at, at + B * H));
    for (let b = 0; b < B; b++) a.recurrentGates.set(a.weights.recurrentBias, b * 3 * H);
    const before = a.before.subarray(at);
    k.multiplyPacked(rowMajor(before, H), a.packedRecurrent, a.recurrentGates, 3 * H, B, H, 3 * H, true, a.scratch);
    k.gruForward(
      a.inputGates.subarray(3 * at),
      a.recurrentGates,
      before,
      a.gates.subarray(4 * at),
      a.state.subarray(at),
      B,
      H,
    );
  }
  a.carried.set(a.state.subarray((S - 1) * B * H, S * B * H));
}

/** Back through time; the gradient stops where a history begins (in sessions.ts) and at the window's start (truncated BPTT). */
function backward(k: Kernels, a: Arrays, sizes: Sizes): void {
  const { width: H, lanes: B, steps: S } = sizes;
  const arriving = a.lane.subarray(0, B * H);
  const leaving = a.lane.subarray(B * H);
  leaving.fill(0);
  for (let s = S - 1; s >= 0; s--) {
    const at = s * B * H;
    arriving.set(a.stateGradient.subarray(at, at + B * H));
    k.addInto(arriving, leaving, B * H);
    const recurrent = a.recurrentGatesGradient.subarray(3 * at);
    const input = a.inputGatesGradient.subarray(3 * at);
    k.gruBackward(arriving, a.before.subarray(at), a.gates.subarray(4 * at), input, recurrent, leaving, B, H);
    k.multiplyPacked(rowMajor(recurrent, 3 * H), a.packedRecurrentBack, leaving, H, B, 3 * H, H, true, a.scratch);
    a.sessions.close(s, leaving);
  }
  unitGradients(k, a, a, a.gradients, B * S, H);
  a.sessions.gradients();
  embeddingGradients(k, a, sizes);
}

/** ∂L/∂x = ∂L/∂gates · Wᵀ goes to each of the rows whose sum x is. */
function embeddingGradients(k: Kernels, a: Arrays, { width: H, lanes: B, steps: S, features }: Sizes): void {
  const positions = B * S;
  const gradient = a.feature;
  const gates = rowMajor(a.inputGatesGradient, 3 * H);
  k.multiplyPacked(gates, a.packedInputBack, gradient, H, positions, 3 * H, H, false, a.scratch);
  drop(k, gradient, positions * H, a.facts[fact.inputDropout]!, a.seed(0));
  a.side?.inputGradients(gradient);
  for (let f = 0; f < features; f++) {
    k.scatterAddRows(a.tableGradient, a.inputTouched.subarray(f * positions), gradient, positions, H);
  }
}
