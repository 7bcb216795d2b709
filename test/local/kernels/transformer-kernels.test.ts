/** The transformer's kernels agree with their slow twins, and the twins with finite differences and values worked out by hand. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { elapsedBuckets } from "../../../local/kernels/attention.ts";
import type { Kernels } from "../../../local/kernels/kernels.ts";
import { slowKernels } from "../../../local/kernels/slow-kernels.ts";
import { both, compileKernels, expectClose, makeBench, type Bench } from "./kernel-pair.ts";

let wasm: WebAssembly.Module;
beforeAll(() => {
  wasm = compileKernels();
});

const shape = { steps: 11, used: 10, heads: 2, headWidth: 8 };
const H = shape.heads * shape.headWidth;

/** A window of two histories, the second from position 6 on. */
const windowOf = (bench: Bench) => ({
  from: bench.u32([0, 0, 0, 0, 0, 0, 6, 6, 6, 6, 6]),
  time: bench.u32([0, 1, 2, 60, 60, 90_000, 0, 3, 9, 1e9, 1e9]),
  distance: bench.random(shape.heads * shape.steps),
  elapsed: bench.random(shape.heads * elapsedBuckets),
});

describe("attention", () => {
  it("agrees forward and backward", () => {
    const bench = makeBench(wasm);
    const window = windowOf(bench);
    const qkv = bench.random(shape.steps * 3 * H);
    const p = bench.f32(shape.heads * shape.steps ** 2);

    const forward = both(bench, [p, bench.f32(shape.steps * H)], (k, [probabilities, out]) =>
      k.attentionForward(qkv, window, probabilities!, out!, shape),
    );
    const [gradient, scratch] = [bench.random(shape.steps * H), bench.f32(shape.steps)];
    const gradients = [3 * H * shape.steps, shape.heads * shape.steps, shape.heads * elapsedBuckets];
    const backward = both(
      bench,
      gradients.map((length) => bench.random(length)),
      (k, [to, distance, elapsed]) =>
        k.attentionBackward(
          gradient,
          qkv,
          p,
          window,
          { qkv: to!, distance: distance!, elapsed: elapsed! },
          shape,
          scratch,
        ),
    );

    for (const { fast, slow } of [...forward, ...backward]) expectClose(fast, slow);
  });

  it("is the mean of what it sees when nothing tells the positions apart", () => {
    const bench = makeBench(wasm);
    const small = { steps: 2, used: 2, heads: 1, headWidth: 8 };
    const window = { ...windowOf(bench), distance: bench.f32(2), elapsed: bench.f32(elapsedBuckets) };
    const qkv = bench.f32(2 * 24);
    qkv.fill(3, 16, 24);
    qkv.fill(5, 24 + 16, 48);
    const out = bench.f32(16);

    bench.fast.attentionForward(qkv, window, bench.f32(4), out, small);

    expect([...out]).toEqual([...Array<number>(8).fill(3), ...Array<number>(8).fill(4)]);
  });

  it("turns to what lies within a second when that is what the elapsed time speaks for", () => {
    const bench = makeBench(wasm);
    const elapsed = bench.f32(elapsedBuckets);
    elapsed[1] = 50; // one second ago
    const window = { ...windowOf(bench), distance: bench.f32(3), elapsed };
    const p = bench.f32(9);

    bench.fast.attentionForward(bench.f32(72), window, p, bench.f32(24), { steps: 3, used: 3, heads: 1, headWidth: 8 });

    expect(p[3]).toBeCloseTo(1, 6); // times 0, 1, 2: the second sees the first at a distance of 1 s
    expect([...p.subarray(6, 9)].map((x) => Math.round(x))).toEqual([0, 1, 0]);
  });
});

describe("layer normalisation", () => {
  it("agrees forward and backward", () => {
    const bench = makeBench(wasm);
    const [N, width] = [5, 12];
    const [x, gain, bias] = [bench.random(N * width), bench.random(width), bench.random(width)];
    const [normal, scale] = [bench.f32(N * width), bench.f32(N)];

    const forward = both(bench, [bench.f32(N * width), normal, scale], (k, [y, hat, s]) =>
      k.layerNormForward(x, gain, bias, y!, hat!, s!, N, width),
    );
    const gradient = bench.random(N * width);
    const backward = both(
      bench,
      [bench.random(N * width), bench.random(width), bench.random(width)],
      (k, [dx, dg, db]) => k.layerNormBackward(gradient, gain, normal, scale, dx!, dg!, db!, N, width),
    );

    for (const { fast, slow } of [...forward, ...backward]) expectClose(fast, slow);
  });

  it("makes 1, 2, 3, 4 into -1.34, -0.45, 0.45, 1.34", () => {
    const bench = makeBench(wasm);
    const [x, gain, y] = [bench.f32(4), bench.f32(4), bench.f32(4)];
    x.set([1, 2, 3, 4]);
    gain.fill(1);

    bench.fast.layerNormForward(x, gain, bench.f32(4), y, bench.f32(4), bench.f32(1), 1, 4);

    [-1.5, -0.5, 0.5, 1.5].forEach((off, j) => expect(y[j]).toBeCloseTo(off / Math.sqrt(1.25), 4));
  });
});

describe("the unit's nonlinearity", () => {
  it("agrees forward and backward", () => {
    const bench = makeBench(wasm);
    const x = bench.random(40);

    const results = [
      ...both(bench, [bench.f32(40)], (k, [y]) => k.geluForward(x, y!, 40)),
      ...both(bench, [bench.random(40)], (k, [gradient]) => k.geluBackward(x, gradient!, 40)),
    ];

    for (const { fast, slow } of results) expectClose(fast, slow);
  });

  it("has the slope that a small step shows", () => {
    const at = (x: number, call: (k: Kernels, values: Float32Array, out: Float32Array) => void) => {
      const out = Float32Array.of(1);
      call(slowKernels, Float32Array.of(x), out);
      return out[0]!;
    };
    for (const x of [-2, -0.3, 0, 0.7, 3]) {
      const value = (moved: number) => at(moved, (k, values, out) => k.geluForward(values, out, 1));
      const slope = at(x, (k, values, out) => k.geluBackward(values, out, 1));

      expect(slope).toBeCloseTo((value(x + 0.01) - value(x - 0.01)) / 0.02, 3);
    }
  });
});

describe("Adagrad with a moment a row", () => {
  it("agrees, and leaves the other rows alone", () => {
    const bench = makeBench(wasm);
    const [p, v, g] = [bench.random(5 * 8), bench.f32(5), bench.random(2 * 8)];
    const before = p.slice();
    const index = bench.u32([3, 1]);

    const results = both(bench, [p, v], (k, [table, moment]) =>
      k.rowAdagrad(table!, g, moment!, index, 2, 8, 0.1, 1e-8, 0.5),
    );

    for (const { fast, slow } of results) expectClose(fast, slow);
    for (const row of [0, 2, 4]) {
      expect(p.subarray(8 * row, 8 * row + 8)).toEqual(before.subarray(8 * row, 8 * row + 8));
    }
    expect([...v].map((moment) => moment > 0)).toEqual([false, true, false, true, false]);
  });

  it("steps by the rate when all numbers of a row have the same gradient", () => {
    const bench = makeBench(wasm);
    const [p, v, g] = [bench.f32(4), bench.f32(1), bench.f32(4)];
    g.fill(-7);

    bench.fast.rowAdagrad(p, g, v, bench.u32([0]), 1, 4, 0.25, 0, 1);

    expect([...p]).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(v[0]).toBe(49);
  });
});

describe("scores", () => {
  it.each([4, 5, 9000])("of %i items agree, and so does their normaliser", (n) => {
    const bench = makeBench(wasm);
    const shift = bench.random(n);
    const [scores] = both(bench, [bench.random(n)], (k, [values]) => k.shiftAndScale(values!, shift, 0.7, n));

    expectClose(scores!.fast, scores!.slow);
    expect(bench.fast.logSumExp(scores!.fast, n)).toBeCloseTo(slowKernels.logSumExp(scores!.slow, n), 4);
  });

  it("of four equal items have a normaliser ln 4 above them", () => {
    const bench = makeBench(wasm);
    const scores = bench.f32(4);
    scores.fill(100);

    expect(bench.fast.logSumExp(scores, 4)).toBeCloseTo(100 + Math.log(4), 5);
  });
});
