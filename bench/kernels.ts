/**
 * Every kernel on one core, beside what the machine can do at most: GFLOP/s for products, against multiply-adds that never leave the
 * registers; GB/s of the arrays read and written for the others, against adding one long array to another. Which build was
 * measured stands in the first row: the relaxed one (fused multiply-add) where the runtime has it.
 */
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { builtFile } from "../local/cloud/project-root.ts";
import { elapsedBuckets } from "../local/kernels/attention.ts";
import { kernelsName, loadKernels, makeMemory, type Kernels } from "../local/kernels/kernels.ts";
import type { Row } from "./row.ts";

const shapes = [
  { what: "gates of one step: 4 lanes, width 64", m: 4, k: 64, n: 192 },
  { what: "gates of a window: 128 events, width 64", m: 128, k: 64, n: 192 },
  { what: "logits of a block: 128 events, width 64, 1,024 candidates", m: 128, k: 64, n: 1024 },
  {
    what: "gradient of the candidates: 1,024 rows, 128 events, left transposed",
    m: 1024,
    k: 128,
    n: 64,
    transposed: true,
  },
  { what: "width 128, 4,096 candidates", m: 256, k: 128, n: 4096 },
];

interface Desk {
  readonly kernels: Kernels;
  /** Length in elements; zeros. */
  f32(length: number): Float32Array;
  u32(values: ArrayLike<number>): Uint32Array;
}

/** Seconds of processor time, which other work on the machine disturbs least. */
const processorSeconds = () => process.cpuUsage().user / 1e6;

/** Seconds of one call, the best of several runs. Processor time may come in ticks of some milliseconds: only runs of many are divided. */
function secondsOf(call: () => void, { runs, least }: Effort): number {
  let times = 1;
  for (let wall = wallSecondsOf(call, times); wall < least; wall = wallSecondsOf(call, times)) {
    times = Math.ceil(times * Math.min(10, (1.2 * least) / wall));
  }
  let best = Infinity;
  for (let run = 0; run < runs; run++) {
    const began = processorSeconds();
    for (let t = 0; t < times; t++) call();
    best = Math.min(best, (processorSeconds() - began) / times);
  }
  return best;
}

function wallSecondsOf(call: () => void, times: number): number {
  const began = performance.now();
  for (let t = 0; t < times; t++) call();
  return Math.max(1e-6, (performance.now() - began) / 1000);
}

interface Effort {
  readonly runs: number;
  readonly least: number; // seconds of a run
}

const memoryBytes = 1_000_000_000;

function openDesk(): { desk: Desk; peak: (rounds: number) => number } {
  const memory = makeMemory(memoryBytes);
  const module = new WebAssembly.Module(readFileSync(builtFile(kernelsName())));
  let offset = 1024;
  const take = (length: number) => {
    const at = offset;
    offset += 64 * Math.ceil((4 * length) / 64);
    return at;
  };
  const f32 = (length: number) => new Float32Array(memory.buffer, take(length), length);
  const u32 = (values: ArrayLike<number>) => {
    const array = new Uint32Array(memory.buffer, take(values.length), values.length);
    array.set(values);
    return array;
  };
  const { multiplyAdds } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  return { desk: { kernels: loadKernels(module, memory), f32, u32 }, peak: multiplyAdds as (rounds: number) => number };
}

function products({ kernels, f32 }: Desk, effort: Effort, peak: number): Row[] {
  return shapes.map(({ what, m, k, n, transposed }) => {
    const [a, b, packed, c, scratch] = [f32(m * k), f32(k * n), f32(k * (n + 8)), f32(m * n), f32(24_704)];
    kernels.packRight({ data: b, row: n, column: 1 }, k, n, packed);
    const left = transposed ? { data: a, row: 1, column: m } : { data: a, row: k, column: 1 };
    const seconds = secondsOf(() => kernels.multiplyPacked(left, packed, c, n, m, k, n, false, scratch), effort);
    return ofPeak(`product, ${what}`, (2 * m * k * n) / seconds / 1e9, "GFLOP/s", peak, ">= 20");
  });
}

/** One window of the second versions' network, and one four times as long and twice as wide. Half of all pairs: attention is causal. */
function attention({ kernels: k, f32, u32 }: Desk, effort: Effort, peak: number): Row[] {
  return [
    { steps: 64, heads: 2, headWidth: 32 },
    { steps: 256, heads: 4, headWidth: 32 },
  ].flatMap(({ steps, heads, headWidth }) => {
    const width = heads * headWidth;
    const shape = { steps, used: steps, heads, headWidth };
    const [qkv, p, out, scratch] = [f32(3 * steps * width), f32(heads * steps * steps), f32(steps * width), f32(steps)];
    const [distance, elapsed] = [f32(heads * steps), f32(heads * elapsedBuckets)];
    const window = {
      from: u32(new Uint32Array(steps)),
      time: u32(Uint32Array.from({ length: steps }, (_, n) => n * n)),
      distance,
      elapsed,
    };
    const to = { qkv: f32(3 * steps * width), distance: f32(heads * steps), elapsed: f32(heads * elapsedBuckets) };
    const pairs = (width * steps * (steps + 1)) / 2; // multiply-adds of one product of queries and keys, or of weights and values
    const what = `attention, ${steps} events, ${heads} heads of ${headWidth}`;
    const forward = secondsOf(() => k.attentionForward(qkv, window, p, out, shape), effort);
    const backward = secondsOf(() => k.attentionBackward(out, qkv, p, window, to, shape, scratch), effort);
    return [
      ofPeak(`${what}, forward`, (4 * pairs) / forward / 1e9, "GFLOP/s", peak),
      ofPeak(`${what}, backward`, (8 * pairs) / backward / 1e9, "GFLOP/s", peak),
    ];
  });
}

const ofPeak = (what: string, measured: number, unit: string, peak: number, target = ""): Row => ({
  ...{ what, measured, target },
  unit: `${unit} (${Math.round((100 * measured) / peak)} % of the peak)`,
});

interface Moving {
  readonly what: string;
  /** Bytes of the arrays that a call reads and writes. */
  readonly bytes: number;
  readonly call: () => void;
}

const [events, width, candidates, many] = [128, 128, 1024, 100_000];

function movingNetwork({ kernels: k, f32, u32 }: Desk): Moving[] {
  const cells = events * width;
  const [input, recurrent, before, after] = [f32(3 * cells), f32(3 * cells), f32(cells), f32(cells)];
  const [gates, da, dq, dh] = [f32(4 * cells), f32(3 * cells), f32(3 * cells), f32(cells)];
  const [logits, offset, weight] = [f32(events * candidates), f32(candidates), f32(events).fill(1)];
  const target = u32(new Uint32Array(events));
  const softmax = () => void k.softmaxCrossEntropy(logits, candidates, offset, target, weight, events, candidates);
  return [
    {
      what: "GRU forward, 128 rows, width 128",
      bytes: 4 * 12 * cells,
      call: () => k.gruForward(input, recurrent, before, gates, after, events, width),
    },
    {
      what: "GRU backward, 128 rows, width 128",
      bytes: 4 * 13 * cells,
      call: () => k.gruBackward(after, before, gates, da, dq, dh, events, width),
    },
    { what: "softmax cross-entropy, 128 rows, 1,024 candidates", bytes: 8 * events * candidates, call: softmax },
    { what: "tanh, 16,384 values", bytes: 8 * cells, call: () => k.tanhForward(after, cells) },
    { what: "tanh backward, 16,384 values", bytes: 12 * cells, call: () => k.tanhBackward(before, after, cells) },
    { what: "dropout, 16,384 values", bytes: 8 * cells, call: () => k.dropout(before, cells, 0.3, 1) },
  ];
}

function movingRows({ kernels: k, f32, u32 }: Desk): Moving[] {
  const cells = candidates * width;
  const index = u32(Uint32Array.from({ length: candidates }, (_, n) => (n * 7919) % many));
  const table = f32(many * width); // one for all: what matters is which rows are touched
  const [mean, square, rows, sums] = [f32(many * width), f32(many * width), f32(cells), f32(width)];
  const options = { rate: 0.01, keepMean: 0.9, keepSquare: 0.999, epsilon: 1e-8, decay: 0, scale: 1 };
  const dense = 8192;
  return [
    { what: "Adam, 8,192 values", bytes: 28 * dense, call: () => k.adam(table, rows, mean, square, dense, options) },
    {
      what: "Adam on 1,024 of 100,000 rows, width 128",
      bytes: 28 * cells,
      call: () => k.adamRows(table, rows, mean, square, index, candidates, width, options),
    },
    {
      what: "Adagrad on 1,024 of 100,000 rows, width 128",
      bytes: 20 * cells,
      call: () => k.adagradRows(table, rows, square, index, candidates, width, 0.01, 1e-8, 1),
    },
    {
      what: "gather of 1,024 of 100,000 rows",
      bytes: 8 * cells,
      call: () => k.gatherRows(table, index, rows, candidates, width),
    },
    {
      what: "scatter-add to 1,024 of 100,000 rows",
      bytes: 12 * cells,
      call: () => k.scatterAddRows(table, index, rows, candidates, width),
    },
    { what: "sums of columns, 1,024 rows", bytes: 4 * cells, call: () => k.sumColumns(rows, sums, candidates, width) },
  ];
}

function movingCatalogue({ kernels: k, f32, u32 }: Desk): Moving[] {
  const [packed, x, y] = [f32(width * (many + 16)), f32(width), f32(many + 16)];
  const rank = u32(Uint32Array.from({ length: many }, (_, i) => i));
  const scores = f32(many);
  for (let i = 0; i < many; i++) scores[i] = Math.sin(i * 12.9898) * 43_758.5453;
  const best = u32(new Uint32Array(25));
  const [b, other] = [{ data: packed, row: 1, column: width }, f32(width * 4096)];
  return [
    {
      what: "one row by a packed matrix: 100,000 items, width 128",
      bytes: 4 * width * many,
      call: () => k.multiplyRow(x, packed, y, width, many, false),
    },
    { what: "best 25 of 100,000", bytes: 4 * many, call: () => void k.topK(scores, rank, undefined, many, 25, best) },
    {
      what: "packing 4,096 rows of width 128, transposed",
      bytes: 8 * width * 4096,
      call: () => k.packRight(b, width, 4096, other),
    },
  ];
}

export function bench(runs = 5, secondsOfRun = 0.2): Row[] {
  const effort = { runs, least: secondsOfRun };
  const { desk, peak } = openDesk();
  const rounds = 100_000;
  const flops = (rounds * 12 * 4 * 2) / secondsOf(() => void peak(rounds), effort) / 1e9;
  const [to, from] = [desk.f32(1 << 25), desk.f32(1 << 25)];
  const stream = (12 * to.length) / secondsOf(() => desk.kernels.addInto(to, from, to.length), effort) / 1e9;
  const moving = [...movingNetwork(desk), ...movingRows(desk), ...movingCatalogue(desk)];
  return [
    { what: `peak of ${kernelsName()}: multiply-adds in registers`, measured: flops, unit: "GFLOP/s", target: "" },
    { what: "peak of the memory: adding 128 MB to 128 MB", measured: stream, unit: "GB/s", target: "" },
    ...products(desk, effort, flops),
    ...attention(desk, effort, flops),
    ...moving.map(({ what, bytes, call }) => ofPeak(what, bytes / secondsOf(call, effort) / 1e9, "GB/s", stream)),
  ];
}
