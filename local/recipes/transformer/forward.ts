/**
 * The self-attention network (Kang and McAuley 2018) with the normalisation before each part (as Xiong et al. 2020 recommend). Of a window of
 * events, for each block:
 *
 *   x ← x + dropout(attention(LN(x) W_qkv) W_mix)        x ← x + dropout(gelu(LN(x) W_up) W_down)
 *
 * and after the last the query h = LN(x) W_head, from which the next item is predicted. Input x: the sum of the event's table rows. The
 * head parts the space in which items are looked for from the one in which they are read, as in BERT4Rec (Sun et al. 2019).
 * Training and serving run this same code.
 */
import type { AttentionShape } from "../../kernels/attention.ts";
import type { Kernels } from "../../kernels/kernels.ts";
import { packedLength, type Linear, type LinearOptions } from "../parallel/linear.ts";
import { drop } from "../parallel/next-item.ts";
import type { Memory } from "../parallel/plan.ts";
import type { BlockParts, DenseParts, Norm, Shape } from "./layout.ts";

export interface BlockArrays {
  readonly parts: BlockParts;
  readonly linears: Readonly<Record<"qkv" | "mix" | "up" | "down", LinearOptions>>;
  readonly attentionInput: Float32Array;
  readonly attentionNormal: Float32Array;
  readonly attentionScale: Float32Array;
  readonly qkv: Float32Array;
  readonly p: Float32Array;
  readonly attended: Float32Array;
  readonly innerInput: Float32Array;
  readonly innerNormal: Float32Array;
  readonly innerScale: Float32Array;
  readonly before: Float32Array;
  readonly after: Float32Array;
}

type MakeLinear = (part: LinearOptions["part"], inputs: number, outputs: number) => LinearOptions;

/** Gives each linear layer its room in `packed`. */
function linearsIn(packed: Float32Array, scratch: Float32Array): MakeLinear {
  let offset = 0;
  return (part, inputs, outputs) => {
    const room = packed.subarray(offset, (offset += packedLength(inputs, outputs)));
    return { inputs, outputs, part, packed: room, scratch };
  };
}

/** Where thread p's blocks read and write. */
function blockArrays(memory: Memory, dense: DenseParts, shape: Shape, p: number, linear: MakeLinear): BlockArrays[] {
  const { width: H, inner: F } = shape;
  return dense.blocks.map((parts, block) => {
    const f = (name: string) => memory.f32(`${block}.${name}`, p);
    return {
      parts,
      linears: {
        ...{ qkv: linear(parts.qkv, H, 3 * H), mix: linear(parts.mix, H, H) },
        ...{ up: linear(parts.up, H, F), down: linear(parts.down, F, H) },
      },
      ...{ attentionInput: f("attentionInput"), attentionNormal: f("attentionNormal") },
      ...{ attentionScale: f("attentionScale"), qkv: f("qkv"), p: f("p"), attended: f("attended") },
      ...{ innerInput: f("innerInput"), innerNormal: f("innerNormal"), innerScale: f("innerScale") },
      ...{ before: f("before"), after: f("after") },
    };
  });
}

export interface ForwardArrays {
  readonly from: Uint32Array;
  readonly time: Uint32Array;
  readonly stream: Float32Array;
  readonly branch: Float32Array;
  readonly feature: Float32Array;
  readonly state: Float32Array;
  readonly stateNormal: Float32Array;
  readonly stateScale: Float32Array;
  readonly query: Float32Array;
  readonly norm: Norm;
  readonly head: LinearOptions;
  readonly blocks: readonly BlockArrays[];
}

export function forwardArrays(memory: Memory, dense: DenseParts, shape: Shape, p: number): ForwardArrays {
  const f = (name: string) => memory.f32(name, p);
  const linear = linearsIn(f("packed"), f("scratch"));
  return {
    head: linear(dense.head, shape.width, shape.width),
    query: f("query"),
    ...{ from: memory.u32("from", p), time: memory.u32("time", p), stream: f("stream"), branch: f("branch") },
    ...{ feature: f("feature"), state: f("state"), stateNormal: f("stateNormal"), stateScale: f("stateScale") },
    ...{ norm: dense.norm, blocks: blockArrays(memory, dense, shape, p, linear) },
  };
}

/** How much of the windows is there, and what is dropped from the branches. */
export interface Pass {
  readonly lanes: number;
  readonly used: number; // positions of each lane that are there; all of them when lanes > 1
  readonly dropout: number;
  readonly seed: (place: number) => number;
}

export type BlockLinears<L extends Linear = Linear> = Readonly<Record<"qkv" | "mix" | "up" | "down", L>>;

export interface Linears<L extends Linear = Linear> {
  readonly blocks: readonly BlockLinears<L>[];
  readonly head: L;
}

/** Makes every linear layer of the network, of the head first. */
export const makeLinears = <L extends Linear>(a: ForwardArrays, make: (options: LinearOptions) => L): Linears<L> => ({
  head: make(a.head),
  blocks: a.blocks.map(({ linears: { qkv, mix, up, down } }) => ({
    ...{ qkv: make(qkv), mix: make(mix), up: make(up), down: make(down) },
  })),
});

export function packAll({ blocks, head }: Linears): void {
  head.pack();
  for (const { qkv, mix, up, down } of blocks) for (const linear of [qkv, mix, up, down]) linear.pack();
}

export const attentionShape = ({ steps, heads, width }: Shape, used: number): AttentionShape => ({
  ...{ steps, used, heads, headWidth: width / heads },
});

/** From the summed inputs in `stream` to `query`; `stream` is rewritten. */
export function forward(k: Kernels, a: ForwardArrays, linears: Linears, shape: Shape, pass: Pass): void {
  const rows = (pass.lanes - 1) * shape.steps + pass.used;
  a.blocks.forEach((block, n) => {
    attend(k, a, block, linears.blocks[n]!, shape, pass, rows);
    drop(k, a.branch, rows * shape.width, pass.dropout, pass.seed(2 + 2 * n));
    k.addInto(a.stream, a.branch, rows * shape.width);
    feedForward(k, a, block, linears.blocks[n]!, shape, rows);
    drop(k, a.branch, rows * shape.width, pass.dropout, pass.seed(3 + 2 * n));
    k.addInto(a.stream, a.branch, rows * shape.width);
  });
  const { gain, bias } = a.norm;
  k.layerNormForward(a.stream, gain, bias, a.state, a.stateNormal, a.stateScale, rows, shape.width);
  linears.head.forward(a.state, a.query, rows);
}

function attend(
  k: Kernels,
  a: ForwardArrays,
  b: BlockArrays,
  { qkv, mix }: BlockLinears,
  shape: Shape,
  { lanes, used }: Pass,
  rows: number,
): void {
  const { width: H, heads: A, steps: S } = shape;
  const { gain, bias } = b.parts.attentionNorm;
  k.layerNormForward(a.stream, gain, bias, b.attentionInput, b.attentionNormal, b.attentionScale, rows, H);
  qkv.forward(b.attentionInput, b.qkv, rows);
  for (let lane = 0; lane < lanes; lane++) {
    const at = lane * S;
    const window = {
      ...{ from: a.from.subarray(at), time: a.time.subarray(at) },
      ...{ distance: b.parts.distance, elapsed: b.parts.elapsed },
    };
    const [p, out] = [b.p.subarray(at * A * S), b.attended.subarray(at * H)];
    k.attentionForward(b.qkv.subarray(3 * at * H), window, p, out, attentionShape(shape, used));
  }
  mix.forward(b.attended, a.branch, rows);
}

function feedForward(
  k: Kernels,
  a: ForwardArrays,
  b: BlockArrays,
  { up, down }: BlockLinears,
  { width: H, inner: F }: Shape,
  rows: number,
): void {
  const { gain, bias } = b.parts.innerNorm;
  k.layerNormForward(a.stream, gain, bias, b.innerInput, b.innerNormal, b.innerScale, rows, H);
  up.forward(b.innerInput, b.before, rows);
  k.geluForward(b.before, b.after, rows * F);
  down.forward(b.after, a.branch, rows);
}
