/** Every fast kernel agrees with its slow twin, on shapes that fill whole tiles and on shapes that do not. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Kernels } from "../../../local/kernels/kernels.ts";
import { slowKernels } from "../../../local/kernels/slow-kernels.ts";
import { both, compileKernels, expectClose, makeBench } from "./kernel-pair.ts";

let wasm: WebAssembly.Module;
beforeAll(() => {
  wasm = compileKernels();
});

describe("matrix multiplication", () => {
  it.each([
    { why: "one tile", m: 4, k: 8, n: 8 },
    { why: "a single number", m: 1, k: 1, n: 1 },
    { why: "rows and columns left over", m: 7, k: 5, n: 13 },
    { why: "deeper than a block of the left matrix", m: 9, k: 600, n: 24 },
    { why: "more rows than a block", m: 203, k: 33, n: 17 },
  ])("agrees with the plain loops in all transposes: $why", ({ m, k, n }) => {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const bench = makeBench(wasm);
      const a = { data: bench.random(m * k), row: transposeA ? 1 : k, column: transposeA ? m : 1 };
      const b = { data: bench.random(k * n), row: transposeB ? 1 : n, column: transposeB ? k : 1 };
      const packed = bench.f32(k * 8 * Math.ceil(n / 8));
      const slowPacked = packed.slice();
      const scratch = bench.f32(24_704);

      bench.fast.packRight(b, k, n, packed);
      slowKernels.packRight(b, k, n, slowPacked);
      expect(packed).toEqual(slowPacked);
      for (const accumulate of [false, true]) {
        const [c] = both(bench, [bench.random(m * (n + 3))], (kernels, [out]) =>
          kernels.multiplyPacked(a, packed, out!, n + 3, m, k, n, accumulate, scratch),
        );
        expectClose(c!.fast, c!.slow, 1e-4); // the space between the rows, too, is left as it was
      }
    }
  });

  it("gives the product worked out by hand", () => {
    const bench = makeBench(wasm);
    const a = bench.f32(4);
    const b = bench.f32(4);
    const c = bench.f32(4);
    a.set([1, 2, 3, 4]);
    b.set([5, 6, 7, 8]);
    const packed = bench.f32(16);

    bench.fast.packRight({ data: b, row: 2, column: 1 }, 2, 2, packed);
    bench.fast.multiplyPacked({ data: a, row: 2, column: 1 }, packed, c, 2, 2, 2, 2, false, bench.f32(24_704));

    expect([...c]).toEqual([19, 22, 43, 50]);
  });

  it.each([8, 24, 40, 100])("multiplies one row by a matrix of %i columns", (n) => {
    const bench = makeBench(wasm);
    const packed = bench.f32(12 * 8 * Math.ceil(n / 8));
    bench.fast.packRight({ data: bench.random(12 * n), row: n, column: 1 }, 12, n, packed);
    const x = bench.random(12);

    const [y] = both(bench, [bench.random(16 * Math.ceil(n / 16))], (k, [out]) =>
      k.multiplyRow(x, packed, out!, 12, n, true),
    );

    expectClose(y!.fast.subarray(0, n), y!.slow.subarray(0, n));
  });
});

describe("the recurrent unit", () => {
  it("agrees forward and backward", () => {
    const bench = makeBench(wasm);
    const [B, H] = [3, 8];
    const [input, recurrent, before] = [bench.random(B * 3 * H), bench.random(B * 3 * H), bench.random(B * H)];
    const gates = bench.f32(B * 4 * H);

    const forward = both(bench, [gates, bench.f32(B * H)], (k, [g, after]) =>
      k.gruForward(input, recurrent, before, g!, after!, B, H),
    );
    const gradient = bench.random(B * H);
    const backward = both(bench, [bench.f32(B * 3 * H), bench.f32(B * 3 * H), bench.f32(B * H)], (k, [da, dq, dh]) =>
      k.gruBackward(gradient, before, gates, da!, dq!, dh!, B, H),
    );

    for (const { fast, slow } of [...forward, ...backward]) expectClose(fast, slow);
  });
});

describe("the hyperbolic tangent", () => {
  it("agrees forward and backward, for large numbers too", () => {
    const bench = makeBench(wasm);
    const values = bench.random(64);
    values.forEach((x, n) => (values[n] = x * (n % 4 === 0 ? 50 : 1)));

    const [forward] = both(bench, [values], (k, [x]) => k.tanhForward(x!, 64));
    const [backward] = both(bench, [bench.random(64)], (k, [gradient]) => k.tanhBackward(gradient!, values, 64));

    for (const { fast, slow } of [forward!, backward!]) expectClose(fast, slow);
  });
});

describe("softmax cross-entropy", () => {
  it.each([1, 4, 7, 130])("agrees over %i candidates, with large logits and with weights", (columns) => {
    const bench = makeBench(wasm);
    const rows = 5;
    const logits = bench.random(rows * (columns + 2)).map((x) => x * 30);
    const inMemory = bench.f32(logits.length);
    inMemory.set(logits);
    const offset = bench.random(columns);
    const weight = bench.random(rows).map(Math.abs);
    const weights = bench.f32(rows);
    weights.set(weight);
    const target = bench.u32(Array.from({ length: rows }, (_, i) => (i * 3) % columns));

    const fast = bench.fast.softmaxCrossEntropy(inMemory, columns + 2, offset, target, weights, rows, columns);
    const slow = slowKernels.softmaxCrossEntropy(logits, columns + 2, offset, target, weights, rows, columns);

    expect(fast).toBeCloseTo(slow, 3);
    expectClose(inMemory, logits);
  });

  it("of two equal logits loses ln 2 and pulls them apart by a half each", () => {
    const bench = makeBench(wasm);
    const logits = bench.f32(2);
    const weight = bench.f32(1);
    weight[0] = 1;

    const loss = bench.fast.softmaxCrossEntropy(logits, 2, bench.f32(2), bench.u32([1]), weight, 1, 2);

    expect(loss).toBeCloseTo(Math.LN2, 6);
    expect(logits[0]).toBeCloseTo(0.5, 6);
    expect(logits[1]).toBeCloseTo(-0.5, 6);
  });
});

describe("dropout", () => {
  it("zeroes the same places as the plain loop, about as many as asked for, and scales the others up", () => {
    const bench = makeBench(wasm);
    const ones = bench.f32(40_000).fill(1);

    const [values] = both(bench, [ones], (k, [array]) => k.dropout(array!, 40_000, 0.3, 12_345));

    expect(values!.fast).toEqual(values!.slow);
    const dropped = values!.fast.filter((value) => value === 0).length / 40_000;
    expect(Math.abs(dropped - 0.3)).toBeLessThan(0.01); // four standard deviations
    expect(Math.max(...values!.fast)).toBeCloseTo(1 / 0.7, 6);
  });

  it("draws another mask for another seed", () => {
    const bench = makeBench(wasm);
    const masks = [1, 2].map((seed) => {
      const ones = bench.f32(64).fill(1);
      bench.fast.dropout(ones, 64, 0.5, seed);
      return [...ones];
    });

    expect(masks[0]).not.toEqual(masks[1]);
  });
});

describe("optimizers", () => {
  const options = { rate: 0.1, keepMean: 0.9, keepSquare: 0.99, epsilon: 1e-6, decay: 0.01, scale: 0.5 };

  it("agree on a whole vector and on some rows of a table, leaving the others alone", () => {
    const bench = makeBench(wasm);
    const index = bench.u32([4, 1]);
    const square = bench.random(24).map(Math.abs);
    const [p, g, m, v] = [bench.random(24), bench.random(24), bench.random(24), bench.f32(24)];
    v.set(square);
    const untouched = p.slice(0, 4);

    const calls: ((k: Kernels, a: Float32Array[]) => void)[] = [
      (k, [a, b, c]) => k.adamRows(a!, g, b!, c!, index, 2, 4, options),
      (k, [a, b, c]) => k.adam(a!, g, b!, c!, 24, options),
      (k, [a, , c]) => k.adagradRows(a!, g, c!, index, 2, 4, 0.1, 1e-6, 0.5),
    ];
    for (const call of calls) {
      for (const { fast, slow } of both(bench, [p, m, v], call)) expectClose(fast, slow);
      if (call === calls[0]) expect(p.slice(0, 4)).toEqual(untouched);
    }
  });
});

describe("rows of tables", () => {
  it("are gathered, scattered and summed alike, with rows that come twice", () => {
    const bench = makeBench(wasm);
    const index = bench.u32([2, 0, 2]);
    const table = bench.random(5 * 6);
    const source = bench.random(3 * 6);

    const results = [
      ...both(bench, [bench.f32(3 * 6)], (k, [out]) => k.gatherRows(table, index, out!, 3, 6)),
      ...both(bench, [bench.random(5 * 6)], (k, [to]) => k.scatterAddRows(to!, index, source, 3, 6)),
      ...both(bench, [bench.random(7)], (k, [to]) => k.addInto(to!, source, 7)),
      ...both(bench, [bench.random(6)], (k, [out]) => k.sumColumns(source, out!, 3, 6)),
    ];

    for (const { fast, slow } of results) expectClose(fast, slow);
  });
});

describe("top k", () => {
  it.each([
    { why: "fewer than asked for", n: 5, k: 9 },
    { why: "none asked for", n: 5, k: 0 },
    { why: "many, with ties", n: 1003, k: 25 },
  ])("agrees, ties going to the lower rank: $why", ({ n, k }) => {
    const bench = makeBench(wasm);
    const scores = bench.random(n);
    scores.forEach((score, i) => (scores[i] = i % 50 === 3 ? -Infinity : Math.round(score * 4)));
    const rank = bench.u32(Array.from({ length: n }, (_, i) => (i * 7919) % n));
    const allowed = bench.bytes(Array.from({ length: Math.ceil(n / 8) }, (_, i) => (i * 37) & 255));
    for (const bitmap of [undefined, allowed]) {
      const best = bench.u32(new Array<number>(k).fill(0));
      const slowBest = new Uint32Array(k);

      const found = bench.fast.topK(scores, rank, bitmap, n, k, best);

      expect(found).toBe(slowKernels.topK(scores, rank, bitmap, n, k, slowBest));
      expect([...best.subarray(0, found)]).toEqual([...slowBest.subarray(0, found)]);
    }
  });
});
