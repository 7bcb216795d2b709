/**
 * One thread's share of the parameter update: adds up the threads' gradients of its slice, always in thread order so that the
 * same seed gives the same model, lets Adam step, and clears the gradients for the next batch.
 */
import type { Kernels } from "../../kernels/kernels.ts";
import { bindSide } from "../features/side.ts";
import type { Memory } from "./plan.ts";
import { adamOf, slice } from "./share.ts";
import { fact, type TrainingSizes } from "./training-memory.ts";

export function bindUpdate(kernels: Kernels, memory: Memory, sizes: TrainingSizes, p: number): () => void {
  const { width: H, threads: P, dense: D } = sizes;
  const [table, tableMean, tableSquare] = ["table", "tableMean", "tableSquare"].map((name) => memory.f32(name));
  const [dense, denseMean, denseSquare] = ["dense", "denseMean", "denseSquare"].map((name) => memory.f32(name));
  const threads = [...Array(P).keys()];
  const tableGradients = threads.map((q) => memory.f32("tableGradient", q));
  const denseGradients = threads.map((q) => memory.f32("denseGradient", q));
  const touchedRow = memory.u32("touchedRow");
  const facts = memory.f32("facts");
  const side = bindSide(kernels, memory, sizes, p);
  const [denseFrom, denseTo] = slice(D / 4, p, P).map((quarter) => quarter * 4) as [number, number];

  const reduce = (gradients: Float32Array[], from: number, to: number) => {
    const slices = gradients.map((gradient) => gradient.subarray(from, to));
    for (const other of slices.slice(1)) kernels.addInto(slices[0]!, other, to - from);
    return slices;
  };
  return () => {
    const options = adamOf(facts);
    const [from, to] = slice(facts[fact.touched]!, p, P);
    const rows = reduce(tableGradients, from * H, to * H);
    side?.spread(rows[0]!, from, to);
    const touched = touchedRow.subarray(from);
    if (sizes.rowMoments) {
      const rate = facts[fact.rowRate]!;
      kernels.rowAdagrad(table!, rows[0]!, tableSquare!, touched, to - from, H, rate, 1e-8, options.scale);
    } else {
      const rate = options.rate * (facts[fact.tableRate]! || 1);
      kernels.adamRows(table!, rows[0]!, tableMean!, tableSquare!, touched, to - from, H, { ...options, rate });
    }
    const parts = reduce(denseGradients, denseFrom, denseTo);
    const view = (array: Float32Array) => array.subarray(denseFrom, denseTo);
    kernels.adam(view(dense!), parts[0]!, view(denseMean!), view(denseSquare!), denseTo - denseFrom, options);
    for (const gradient of [...rows, ...parts]) gradient.fill(0);
  };
}
