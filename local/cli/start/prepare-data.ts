/** What `npm start` works with: the sample shop or the person's own files, and the configuration that fits them. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type OutrankConfig, type OutrankConfigInput, resolveConfig } from "../../../pipeline/config/outrank-config.ts";
import { profiles } from "../../../pipeline/config/decision-policy.ts";
import type { ComparableRecipe } from "../../../pipeline/config/recipes.ts";
import { projectRoot } from "../../cloud/project-root.ts";
import { writeHistory } from "../commands/shop.ts";
import { configIn } from "../commands/up.ts";
import { csvRecords } from "../data/csv-lines.ts";
import { type DataFolder, type DatasetFile, guessSchemas, readDataFolder } from "../data/dataset-files.ts";

export interface StartChoices {
  /** The person's folder; absent = the sample shop. */
  readonly data?: string;
  readonly recipe?: ComparableRecipe;
}

export interface PreparedData {
  /** Where the person's files lie, or the sample shop's. */
  readonly directory: string;
  readonly sample: boolean;
  readonly files: readonly DatasetFile[];
  readonly config: OutrankConfig;
  readonly group: string;
  /** Sentences for the person: what was made, guessed or chosen. */
  readonly remarks: readonly string[];
}

export interface Surroundings {
  readonly now: number;
  /** Ends the reading of large files. */
  readonly stop: AbortSignal;
  /** Tells the person what takes a while. */
  say(line: string): void;
}

export async function prepareData(
  choices: StartChoices,
  stateDir: string,
  around: Surroundings,
): Promise<PreparedData> {
  if (choices.data === undefined) return sampleShop(choices, stateDir, around.now);
  return ownData(choices.data, choices, stateDir, around);
}

const sampleSeed = 1;

async function sampleShop({ recipe }: StartChoices, stateDir: string, now: number): Promise<PreparedData> {
  const shipped = configIn(join(projectRoot(), "outrank.json"));
  const directory = join(stateDir, "sample");
  const remarks: string[] = [];
  if (!existsSync(join(directory, "shop.json"))) {
    await writeHistory(directory, sampleSeed, now);
    remarks.push(`Made sample data: a simulated shop's year, in ${directory}`);
  }
  const { files } = await readDataFolder(directory, directory);
  const config = recipe === undefined ? shipped : withRecipe(shipped, recipe);
  return { directory, sample: true, files, config, group: config.datasetGroups[0]?.name ?? "", remarks };
}

async function ownData(
  directory: string,
  { recipe }: StartChoices,
  stateDir: string,
  { stop, say }: Surroundings,
): Promise<PreparedData> {
  const megabytes = Math.round(sizeOfFolder(resolve(directory)) / 1e6);
  if (megabytes >= 20)
    say(`Reading ${megabytes} MB in ${resolve(directory)}, about a second for every 10; Ctrl-C stops`);
  const data = await readDataFolder(resolve(directory), join(stateDir, "converted"), stop);
  const usersWithTwo = await countUsersWithTwo(data, stop);
  const testUsers = Math.floor(usersWithTwo / 10);
  const wanted = profiles.default.minSample.testUsers;
  const profile = testUsers < wanted ? "demo" : "default";
  const group = groupNamed(data.movieLens ? "movielens" : basename(resolve(directory)));
  const config = resolveConfig(await configInput(data, { group, profile, recipe }), () => undefined);
  return {
    ...{ directory: resolve(directory), sample: false },
    files: data.files.filter(({ dataset }) => config.datasetGroups[0]?.datasets[dataset] !== undefined),
    config,
    group,
    remarks: [
      ...(data.movieLens ? [`Converted MovieLens files into ${data.directory}`] : []),
      ...(profile === "demo"
        ? [
            `The gate takes the profile "demo": ${usersWithTwo} users with two or more interactions make about ${testUsers} test users, and "default" wants ${wanted}. Lifts are then noisy.`,
          ]
        : []),
    ],
  };
}

interface Wanted {
  readonly group: string;
  readonly profile: "demo" | "default";
  readonly recipe: ComparableRecipe | undefined;
}

async function configInput(data: DataFolder, { group, profile, recipe }: Wanted): Promise<OutrankConfigInput> {
  const guessed = await guessSchemas(data);
  const datasets = Object.fromEntries(Object.entries(guessed).map(([type, schema]) => [type, { schema }]));
  return {
    datasetGroups: [
      {
        name: group,
        // What was guessed has the shape of a configured schema; resolveConfig checks it like any other.
        datasets: datasets as OutrankConfigInput["datasetGroups"][number]["datasets"],
        solutions: [{ name: "main", recipe: recipe ?? "aws-user-personalization-v2", decision: { profile } }],
      },
    ],
  };
}

function withRecipe(config: OutrankConfig, recipe: ComparableRecipe): OutrankConfig {
  const datasetGroups = config.datasetGroups.map((group) => ({
    ...group,
    solutions: group.solutions.map((solution, index) => (index === 0 ? { ...solution, recipe } : solution)),
  }));
  return { ...config, datasetGroups };
}

const sizeOfFolder = (directory: string): number =>
  existsSync(directory) && statSync(directory).isDirectory()
    ? readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0)
    : 0;

/** A dataset group's name made of a folder's: 2 to 22 of a-z, 0-9 and hyphens. */
function groupNamed(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 22)
    .replace(/-+$/, "");
  return name.length < 2 || name === "outrank" ? "own-data" : name;
}

async function countUsersWithTwo({ files }: DataFolder, stop: AbortSignal): Promise<number> {
  const once = new Set<string>();
  const twice = new Set<string>();
  for (const { dataset, path } of files) {
    if (dataset !== "interactions") continue;
    let column = -1;
    for await (const record of csvRecords(path)) {
      stop.throwIfAborted();
      if (column < 0) {
        column = record.indexOf("USER_ID");
        continue;
      }
      const user = record[column] ?? "";
      if (once.has(user)) twice.add(user);
      else once.add(user);
    }
  }
  return twice.size;
}
