/**
 * `npm run bench [NAME ...] [-- OPTIONS]`: measures and prints tables, the machine named above them. `--save` also keeps the rows in
 * bench/results/NAME.json, as the whole of `scale` always does; further options, from the first that begins with a dash, go to the one benchmark named. Quote ratios, not absolute numbers: other work on the machine shows in both halves of a ratio.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../local/cloud/project-root.ts";
import { table } from "../local/cli/view/table.ts";
import { bench as cancel } from "./cancel.ts";
import { bench as filters } from "./filters.ts";
import { bench as importBench } from "./import.ts";
import { bench as kernels } from "./kernels.ts";
import { bench as models } from "./models.ts";
import { bench as load } from "./load.ts";
import { bench as recipes } from "./recipes.ts";
import type { Row } from "./row.ts";
import { bench as scale } from "./scale.ts";
import { bench as scoring } from "./scoring.ts";
import { bench as serving } from "./serving.ts";
import { bench as stepFunctions } from "./step-functions.ts";
import { bench as training } from "./training.ts";

const benches: Readonly<Record<string, (options: readonly string[]) => Row[] | Promise<Row[]>>> = {
  kernels: () => kernels(),
  "step-functions": () => stepFunctions(),
  import: () => importBench(),
  recipes: (options) => recipes(options),
  models: () => models(),
  scoring: () => scoring(),
  cancel: () => cancel(),
  serving: () => serving(),
  scale: (options) => scale(options),
  training: (options) => training(options),
  filters: () => filters(),
  load: () => load(),
};

function machine(): Readonly<Record<string, string>> {
  const [first] = cpus();
  return {
    processor: `${first?.model ?? "unknown"}, ${cpus().length} cores`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.versions.node,
    loadBefore: loadavg()
      .map((load) => load.toFixed(1))
      .join(" "),
    date: new Date().toISOString().slice(0, 10),
  };
}

const figure = (value: number) => value.toLocaleString("en-US", { maximumSignificantDigits: 4 });

export async function main(args: readonly string[]): Promise<number> {
  const isSaved = args.includes("--save");
  const rest = args.filter((arg) => arg !== "--save" && arg !== "--");
  const firstOption = rest.findIndex((arg) => arg.startsWith("-"));
  const names = firstOption < 0 ? rest : rest.slice(0, firstOption);
  const options = rest.slice(names.length);
  if (options.length > 0 && names.length !== 1) {
    console.error(`Options such as ${options[0]} need the name of one benchmark before them`);
    return 2;
  }
  const unknown = names.find((name) => !(name in benches));
  if (unknown !== undefined) {
    console.error(`There is no benchmark "${unknown}". There are: ${Object.keys(benches).join(", ")}`);
    return 2;
  }
  for (const name of names.length > 0 ? names : Object.keys(benches)) {
    const where = machine();
    console.log(`\n${name}: ${Object.values(where).join("; ")}`);
    const rows = (await benches[name]?.(options)) ?? [];
    const cells = rows.map(({ what, measured, unit, target }) => [what, figure(measured), unit, target]);
    table([["what", "measured", "unit", "target"], ...cells], { right: [1] }).forEach((line) => console.log(line));
    if (isSaved || (name === "scale" && options.length === 0)) save(name, { machine: where, rows });
  }
  return 0;
}

function save(name: string, result: object): void {
  const folder = join(projectRoot(), "bench", "results");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}
