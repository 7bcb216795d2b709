/**
 * One thread's share of a training step of the transformer: forward over its lanes' windows (forward.ts), the loss of the next items
 * (../parallel/next-item.ts), and back, into its own gradients.
 */
import type { Kernels } from "../../kernels/kernels.ts";
import { bindSide, type Side } from "../features/side.ts";
import { makeTrainable, packedLength, type LinearPart, type TrainableLinear } from "../parallel/linear.ts";
import { bindNextItem, drop } from "../parallel/next-item.ts";
import type { Memory } from "../parallel/plan.ts";
import { fact, readTable } from "../parallel/training-memory.ts";
import type * as Common from "./forward.ts";
import {
  attentionShape,
  forward,
  forwardArrays,
  makeLinears,
  packAll,
  type BlockArrays,
  type Pass,
} from "./forward.ts";
import { denseParts, trainingSizes, type BlockParts, type DenseParts, type Sizes } from "./layout.ts";

type BlockLinears = Common.BlockLinears<TrainableLinear>;
type Linears = Common.Linears<TrainableLinear>;

/** Binds thread p's arrays once; the returned function runs its share of a step and returns the summed loss in nats. */
export function bindStep(kernels: Kernels, memory: Memory, sizes: Sizes, p: number): () => number {
  const a = { ...threadArrays(memory, sizes, p), side: bindSide(kernels, memory, trainingSizes(sizes), p) };
  const nextItem = bindNextItem(kernels, memory, trainingSizes(sizes), p);
  const linears = trainableLinears(kernels, memory, a, p);
  return () => {
    packAll(linears);
    nextItem.pack();
    const pass = passOf(a, sizes, p);
    readInputs(kernels, a, sizes, pass);
    forward(kernels, a, linears, sizes, pass);
    const loss = nextItem.predict(a.query, a.queryGradient, pass.seed(1));
    backward(kernels, a, linears, sizes, pass);
    return loss;
  };
}

type Arrays = ReturnType<typeof threadArrays> & { readonly side: Side | undefined };

function threadArrays(memory: Memory, sizes: Sizes, p: number) {
  const f = (name: string) => memory.f32(name, p);
  return {
    ...forwardArrays(memory, denseParts(memory.f32("dense"), sizes), sizes, p),
    ...{ facts: memory.f32("facts"), table: memory.f32(readTable(sizes)), tableGradient: f("tableGradient") },
    ...{ inputRow: memory.u32("inputRow", p), inputTouched: memory.u32("inputTouched", p) },
    ...{ gradients: denseParts(f("denseGradient"), sizes), stateGradient: f("stateGradient") },
    queryGradient: f("queryGradient"),
    ...{ streamGradient: f("streamGradient"), qkvGradient: f("qkvGradient"), innerGradient: f("innerGradient") },
    attentionScratch: f("attentionScratch"),
  };
}

/** Every step, thread and place of dropout has its own seed. */
const passOf = ({ facts }: Arrays, { lanes, steps, threads, blocks }: Sizes, p: number): Pass => ({
  ...{ lanes, used: steps, dropout: facts[fact.branchDropout]! },
  seed: (place) => (facts[fact.step]! * threads + p) * (2 + 2 * blocks) + place,
});

function trainableLinears(k: Kernels, memory: Memory, a: Arrays, p: number): Linears {
  const [packedBack, packedRows] = [memory.f32("packedBack", p), memory.f32("packedRows", p)];
  const gradients = forwardParts(a.gradients);
  let offset = 0;
  let made = 0;
  return makeLinears(a, (options) => {
    const packed = packedBack.subarray(offset, (offset += packedLength(options.outputs, options.inputs)));
    return makeTrainable(k, options, { part: gradients[made++]!, packed, packedRows });
  });
}

/** The linear layers in the order of `makeLinears`. */
const forwardParts = ({ blocks, head }: DenseParts): LinearPart[] => [
  head,
  ...blocks.flatMap(({ qkv, mix, up, down }) => [qkv, mix, up, down]),
];

function readInputs(k: Kernels, a: Arrays, { width: H, lanes, steps, features }: Sizes, pass: Pass): void {
  const N = lanes * steps;
  k.gatherRows(a.table, a.inputRow, a.stream, N, H);
  for (let f = 1; f < features; f++) {
    k.gatherRows(a.table, a.inputRow.subarray(f * N), a.feature, N, H);
    k.addInto(a.stream, a.feature, N * H);
  }
  a.side?.addInputs(a.stream);
  drop(k, a.stream, N * H, a.facts[fact.inputDropout]!, pass.seed(0));
}

function backward(k: Kernels, a: Arrays, linears: Linears, sizes: Sizes, pass: Pass): void {
  const { width: H, lanes, steps, features } = sizes;
  const N = lanes * steps;
  linears.head.backward(a.state, a.queryGradient, a.stateGradient, N);
  a.streamGradient.fill(0);
  const { gain, bias } = a.gradients.norm;
  k.layerNormBackward(a.stateGradient, a.norm.gain, a.stateNormal, a.stateScale, a.streamGradient, gain, bias, N, H);
  for (let n = linears.blocks.length - 1; n >= 0; n--) {
    const [block, gradients] = [a.blocks[n]!, a.gradients.blocks[n]!];
    a.branch.set(a.streamGradient);
    drop(k, a.branch, N * H, pass.dropout, pass.seed(3 + 2 * n));
    feedForwardBack(k, a, block, gradients, linears.blocks[n]!, sizes);
    a.branch.set(a.streamGradient);
    drop(k, a.branch, N * H, pass.dropout, pass.seed(2 + 2 * n));
    attendBack(k, a, block, gradients, linears.blocks[n]!, sizes);
  }
  drop(k, a.streamGradient, N * H, a.facts[fact.inputDropout]!, pass.seed(0));
  a.side?.inputGradients(a.streamGradient);
  for (let f = 0; f < features; f++) {
    k.scatterAddRows(a.tableGradient, a.inputTouched.subarray(f * N), a.streamGradient, N, H);
  }
}

/** From ∂L/∂branch, in `branch`, to what it adds to ∂L/∂stream. */
function feedForwardBack(
  k: Kernels,
  a: Arrays,
  b: BlockArrays,
  gradients: BlockParts,
  { up, down }: BlockLinears,
  { width: H, inner: F, lanes, steps }: Sizes,
): void {
  const N = lanes * steps;
  down.backward(b.after, a.branch, a.innerGradient, N);
  k.geluBackward(b.before, a.innerGradient, N * F);
  up.backward(b.innerInput, a.innerGradient, a.feature, N);
  const { gain, bias } = gradients.innerNorm;
  const stream = a.streamGradient;
  k.layerNormBackward(a.feature, b.parts.innerNorm.gain, b.innerNormal, b.innerScale, stream, gain, bias, N, H);
}

function attendBack(
  k: Kernels,
  a: Arrays,
  b: BlockArrays,
  gradients: BlockParts,
  { qkv, mix }: BlockLinears,
  sizes: Sizes,
): void {
  const { width: H, heads: A, lanes, steps: S } = sizes;
  const N = lanes * S;
  mix.backward(b.attended, a.branch, a.feature, N);
  for (let lane = 0; lane < lanes; lane++) {
    const at = lane * S;
    const window = {
      ...{ from: a.from.subarray(at), time: a.time.subarray(at) },
      ...{ distance: b.parts.distance, elapsed: b.parts.elapsed },
    };
    const to = {
      qkv: a.qkvGradient.subarray(3 * at * H),
      ...{ distance: gradients.distance, elapsed: gradients.elapsed },
    };
    const [gradient, values, p] = [a.feature.subarray(at * H), b.qkv.subarray(3 * at * H), b.p.subarray(at * A * S)];
    k.attentionBackward(gradient, values, p, window, to, attentionShape(sizes, S), a.attentionScratch);
  }
  qkv.backward(b.attentionInput, a.qkvGradient, a.feature, N);
  const { gain, bias } = gradients.attentionNorm;
  const [stream, normal] = [a.streamGradient, b.attentionNormal];
  k.layerNormBackward(a.feature, b.parts.attentionNorm.gain, normal, b.attentionScale, stream, gain, bias, N, H);
}
