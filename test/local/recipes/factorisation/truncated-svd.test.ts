import { describe, expect, it } from "@jest/globals";
import { symmetricEigen, truncatedSvd } from "../../../../local/recipes/factorisation/truncated-svd.ts";
import { transposeWeighted } from "../../../../local/recipes/factorisation/weighted-rows.ts";

describe("symmetricEigen", () => {
  it("finds 3 and 1 of [[2, 1], [1, 2]]", () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);

    expect(values[0]).toBeCloseTo(3, 10);
    expect(values[1]).toBeCloseTo(1, 10);
    expect(Math.abs(vectors[0]!)).toBeCloseTo(Math.SQRT1_2, 10);
    expect(vectors[0]).toBeCloseTo(vectors[2]!, 10); // (1, 1) / √2
    expect(vectors[1]).toBeCloseTo(-vectors[3]!, 10); // (1, -1) / √2
  });
});

describe("truncatedSvd", () => {
  // [[3, 0], [0, 0], [0, 2]]
  const matrix = { offsets: Uint32Array.of(0, 1, 1, 2), columns: Uint32Array.of(0, 1), weights: Float32Array.of(3, 2) };
  const options = { seed: 1, pause: async () => {} };

  it("finds the singular values and vectors that can be read off", async () => {
    const { values, left, right, width } = await truncatedSvd(matrix, transposeWeighted(matrix, 2), {
      ...options,
      width: 2,
    });

    expect(width).toBe(2);
    expect(values[0]).toBeCloseTo(3, 5);
    expect(values[1]).toBeCloseTo(2, 5);
    expect(left[0]! * right[0]!).toBeCloseTo(1, 5); // the signs go together
    expect(left[5]! * right[3]!).toBeCloseTo(1, 5);
  });

  it("keeps the largest when asked for fewer, and no more than there are", async () => {
    const find = (width: number) => truncatedSvd(matrix, transposeWeighted(matrix, 2), { ...options, width });

    expect([...(await find(1)).values].map((value) => Math.round(value))).toEqual([3]);
    expect((await find(9)).width).toBe(2);
  });
});
