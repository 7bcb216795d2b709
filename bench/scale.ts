/**
 * How seconds and memory grow with the data: counting, co-interactions and one epoch of the network, on synthetic data from 10⁵ to
 * 10⁷ interactions (ten a user) and from 10³ to 10⁵ items. Draws docs/images/growth.svg when the whole grid was measured.
 *
 *   npm run bench scale                                            the whole grid
 *   npm run bench scale -- --largest 1e6 --recipe aws-sims         a part of it, drawn nowhere
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs, promisify } from "node:util";
import { builtFile, projectRoot } from "../local/cloud/project-root.ts";
import { logCharts, type Line, type Panel } from "./draw/log-chart.ts";
import type { Row } from "./row.ts";
import { resultSchema, servePoint, type Point, type PointResult } from "./scale-point.ts";

type Measured = Point & PointResult;

const measured: readonly string[] = ["aws-popularity-count", "aws-sims", "aws-hrnn"];
const epochBudgetSeconds = 150;

/** Along the interactions with 10⁵ items, and along the items with 10⁶ interactions. */
const sizes: readonly (readonly [interactions: number, items: number])[] = [
  [1e5, 1e5],
  [1e6, 1e5],
  [1e7, 1e5],
  [1e6, 1e3],
  [1e6, 1e4],
];

const points = (recipes: readonly string[], largest: number): Point[] =>
  sizes
    .filter(([interactions]) => interactions <= largest)
    .flatMap(([interactions, items]) =>
      recipes.map((recipe) => {
        return { recipe, interactions, items, users: interactions / 10, budgetSeconds: epochBudgetSeconds };
      }),
    );

/** In a process of its own, which answers into a file. */
async function inChild(point: Point): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "outrank-scale-"));
  try {
    const into = join(folder, "result.json");
    const options = JSON.stringify(["scale", "--point", JSON.stringify(point), "--into", into]);
    const program = `const { main } = await import(${JSON.stringify(pathToFileURL(builtFile("bench.mjs")).href)}); process.exit(await main(${options}));`;
    const file = join(folder, "point.mjs"); // not --eval: a training's threads inherit Node's options, and cannot start with that one
    writeFileSync(file, program);
    await promisify(execFile)(process.execPath, [file]);
    return { ...point, ...resultSchema.parse(JSON.parse(readFileSync(into, "utf8"))) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const isAt = (point: Measured, [interactions, items]: readonly [number, number]) =>
  point.interactions === interactions && point.items === items;

const targets: Readonly<Record<string, readonly [seconds: string, memory: string]>> = {
  "aws-popularity-count": ["<= 3", ""],
  "aws-sims": ["<= 60", "<= 4"],
  "aws-hrnn": ["", "<= 6"],
};

function rowsOf(point: Measured): Row[] {
  const { recipe, interactions, items, seconds, processorSeconds, peakGigabytes, measuredShare } = point;
  const [time = "", memory = ""] = isAt(point, [1e7, 1e5]) ? (targets[recipe] ?? []) : [];
  const what = `${recipe}${recipe === "aws-hrnn" ? ", one epoch" : ""}, ${interactions} interactions, ${items} items`;
  const reckoned = measuredShare < 1 ? `, reckoned from ${Math.round(measuredShare * 100)} % of it` : "";
  return [
    {
      what: `${what}: time`,
      measured: seconds,
      unit: `s (${processorSeconds.toFixed(1)} s of processor${reckoned})`,
      target: time,
    },
    { what: `${what}: memory`, measured: peakGigabytes, unit: "GB resident at most, data included", target: memory },
  ];
}

type Axis = "interactions" | "items";

function panelOf(all: readonly Measured[], along: Axis, value: "seconds" | "peakGigabytes"): Panel {
  const fixed = along === "interactions" ? ({ items: 1e5 } as const) : ({ interactions: 1e6 } as const);
  const isOn = (point: Measured) => Object.entries(fixed).every(([name, size]) => point[name as Axis] === size);
  const lines = measured.map((recipe): Line => {
    const mine = all.filter((point) => point.recipe === recipe && isOn(point)).sort((a, b) => a[along] - b[along]);
    const name = recipe.replace("aws-", "") + (recipe === "aws-hrnn" ? ", one epoch" : "");
    return { name, points: mine.map((point) => [point[along], Math.max(1e-3, point[value])]) };
  });
  return {
    title: `${value === "seconds" ? "Time" : "Memory"} by ${along}`,
    xName: along === "interactions" ? "interactions (100,000 items)" : "items (a million interactions)",
    yName: value === "seconds" ? "seconds" : "gigabytes resident, data included",
    lines,
  };
}

export function drawGrowth(all: readonly Measured[]): string {
  const panels = (["interactions", "items"] as const).flatMap((along) =>
    (["seconds", "peakGigabytes"] as const).map((value) => panelOf(all, along, value)),
  );
  return logCharts(panels, 2, "Seconds and gigabytes of training against interactions and items, logarithmic axes");
}

async function measureAll(plan: readonly Point[]): Promise<Measured[]> {
  const all: Measured[] = [];
  for (const [n, point] of plan.entries()) {
    const { recipe, interactions, items } = point;
    process.stderr.write(`${n + 1} of ${plan.length}: ${recipe}, ${interactions} interactions, ${items} items ... `);
    const result = await inChild(point);
    process.stderr.write(`${result.seconds.toFixed(1)} s, ${result.peakGigabytes.toFixed(2)} GB\n`);
    all.push(result);
  }
  return all;
}

export async function bench(args: readonly string[] = []): Promise<Row[]> {
  const string = { type: "string" } as const;
  const options = { point: string, into: string, largest: string, recipe: string, draw: string };
  const { values } = parseArgs({ args: [...args], options });
  if (values.point !== undefined && values.into !== undefined) {
    await servePoint(values.point, values.into);
    return [];
  }
  const plan = points(values.recipe?.split(",") ?? measured, Number(values.largest ?? 1e7));
  const all = await measureAll(plan);
  const isWhole = values.recipe === undefined && values.largest === undefined;
  const drawing = values.draw ?? (isWhole ? join(projectRoot(), "docs", "images", "growth.svg") : undefined);
  if (drawing !== undefined) {
    mkdirSync(dirname(drawing), { recursive: true });
    writeFileSync(drawing, drawGrowth(all));
  }
  return all.flatMap(rowsOf);
}
