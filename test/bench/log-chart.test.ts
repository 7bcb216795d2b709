import { describe, expect, it } from "@jest/globals";
import { decadeLabel, logCharts } from "../../bench/draw/log-chart.ts";

describe("charts with logarithmic axes", () => {
  const panel = { title: "Time", xName: "interactions", yName: "seconds" };
  const draw = (points: readonly (readonly [number, number])[]) =>
    logCharts([{ ...panel, lines: [{ name: "a < b", points }] }], 1, "growth");

  it("give each decade the same length", () => {
    // x from 62 to 416 over two decades: 239 between; y from 250 up to 44 over two: 147 between
    expect(
      draw([
        [10, 1],
        [100, 10],
        [1000, 100],
      ]),
    ).toContain('points="62,250 239,147 416,44"');
  });

  it("write names as text", () => {
    expect(draw([[1, 1]])).toContain("a &lt; b");
  });

  it("say when there is nothing to draw", () => {
    expect(draw([])).toContain("Time: nothing measured");
  });

  it.each([
    { power: -2, label: "0.01" },
    { power: 0, label: "1" },
    { power: 3, label: "1000" },
    { power: 7, label: "10⁷" },
  ])("label 10^$power as $label", ({ power, label }) => {
    expect(decadeLabel(power)).toBe(label);
  });
});
