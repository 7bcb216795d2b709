/**
 * `npm start`: the whole story on one machine. Data into the bucket, the run as it goes, the decision, recommendations;
 * then it stays up and shows every further run until Ctrl-C. Run again, it goes on from the state on disk.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import * as z from "zod";
import { comparableRecipes } from "../../../pipeline/config/recipes.ts";
import { renderRecord } from "../../../pipeline/records/render.ts";
import type { RunRecord } from "../../../pipeline/records/run-record.ts";
import type { Cloud } from "../../cloud/boot/start-cloud.ts";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { type Arguments, type Command, CommandFailure, type Io } from "../command.ts";
import { readJson } from "../read-json.ts";
import { clientsFor, type Connection } from "../connection.ts";
import { isUploaded, upload } from "../data/upload.ts";
import { readDeployment } from "../deployment.ts";
import { startStack } from "../stack.ts";
import { finishedRuns, type Followed, isAnythingRunning, nextRun, NoRecord } from "../start/follow-run.ts";
import { prepareData, type PreparedData, type StartChoices } from "../start/prepare-data.ts";
import { pickedRecipe } from "../start/recipe-choice.ts";
import { reportOf, reportWithoutRecord } from "../start/report.ts";
import { exampleUsers, showcase } from "../start/showcase.ts";
import { suggestions } from "../start/suggestions.ts";
import { createRunView, type RunView } from "../view/run-view.ts";
import { portOption, savedConfig, stateOption, stopped } from "./up.ts";
import { readRecord } from "../records.ts";

export const start: Command = {
  summary: "the whole story on one machine: data in, train, compare, go live, recommend",
  options: {
    once: { type: "boolean", help: "exit after the first decision is applied: 0, or 1 when the run failed" },
    data: {
      type: "string",
      value: "DIR",
      help: "your CSV files: interactions.csv, users.csv, items.csv, or MovieLens' ratings.csv, movies.csv",
    },
    recipe: {
      type: "string",
      value: "NAME",
      help: `train this recipe, with or without aws-: ${comparableRecipes.join(", ")}`,
    },
    state: stateOption,
    port: portOption,
    "time-scale": { type: "string", value: "N", default: "120", help: "make the machine's waits N times shorter" },
    json: { type: "boolean", help: "end with one JSON object on the last line" },
  },
  async run(args, io) {
    const began = performance.now();
    const stateDir = resolve(io.cwd, args.text("state") ?? "");
    const port = args.number("port", { max: 65_535 }) ?? 0;
    const timeScale = args.number("time-scale", { min: 0.001, fraction: true }) ?? 1;
    const choices = withRemembered(args, stateDir);
    mkdirSync(stateDir, { recursive: true });
    const view = createRunView({ io, paint: (text) => void process.stdout.write(text), now: () => performance.now() });
    const data = await prepareData(choices, stateDir, { now: Date.now(), stop: io.stop, say: view.say });
    writeFileSync(choicesFile(stateDir), JSON.stringify(choices));
    writeFileSync(savedConfig(stateDir), `${JSON.stringify(data.config, null, 2)}\n`);
    data.remarks.forEach((remark) => view.say(remark));
    const cloud = await startStack({
      ...{ stateDir, port, timeScale },
      config: data.config,
      progress: view.progress,
    });
    try {
      return await story({ args, io, data, view, cloud, began });
    } finally {
      view.clear();
      if (io.stop.aborted) io.out(`Stopped. Everything so far is in ${stateDir}; npm start goes on from there.`);
      await cloud.close();
    }
  },
};

const Choices = z.object({ data: z.string().optional(), recipe: z.string().optional() });
const choicesFile = (stateDir: string) => join(stateDir, "start.json");

/** A plain `npm start` goes on with what the last one on this state was given. */
function withRemembered(args: Arguments, stateDir: string): StartChoices {
  const file = choicesFile(stateDir);
  const before = existsSync(file) ? readJson(file, Choices, "Delete it, and say again what npm start shall take.") : {};
  const given = args.text("data");
  const data = given === undefined ? before.data : resolve(given);
  const recipe = args.text("recipe") ?? (given === undefined ? before.recipe : undefined);
  return { ...(data === undefined ? {} : { data }), ...(recipe === undefined ? {} : { recipe: pickedRecipe(recipe) }) };
}

interface Scene {
  readonly args: Arguments;
  readonly io: Io;
  readonly data: PreparedData;
  readonly view: RunView;
  readonly cloud: Cloud;
  /** performance.now() at the start. */
  readonly began: number;
}

async function story(scene: Scene): Promise<number> {
  const { args, io, view, cloud, data, began } = scene;
  view.say(`The embedded cloud listens on ${cloud.url}`);
  const connection = await connectionTo(cloud);
  try {
    const machine = connection.deployed.groups.find(({ name }) => name === data.group)?.stateMachineArn;
    if (machine === undefined) throw new CommandFailure(`The stack has no state machine for ${data.group}`);
    const followed: Followed = { ...connection, group: data.group, stateMachineArn: machine };
    const seconds = () => (performance.now() - began) / 1000;
    const record = await firstRecord(scene, connection, followed).catch((error: unknown) => {
      if (args.flag("json") && error instanceof NoRecord) io.out(JSON.stringify(reportWithoutRecord(error, seconds())));
      throw error;
    });
    await tell(scene, connection, record);
    view.say(`${seconds().toFixed(1)} s from start to here.`);
    if (args.flag("json")) io.out(JSON.stringify(reportOf(record, seconds())));
    if (args.flag("once")) return record.outcome === "FAILED" ? 1 : 0;
    // With --json the object stays the last line: whoever reads it is a program.
    await (args.flag("json") ? stopped(io.stop) : stayUp(scene, connection, followed));
    return 0;
  } finally {
    connection.close();
  }
}

async function connectionTo(cloud: Cloud): Promise<Connection> {
  const answer = await fetch(new URL("/_outrank/deployment", cloud.url));
  const deployed = readDeployment(await answer.json());
  return { endpoint: cloud.url, deployed, ...clientsFor(cloud.url, cloud.region) };
}

/** Uploads what is new and waits for the run it starts; without news, goes on with a run under way or shows the last. */
async function firstRecord({ io, data, view }: Scene, connection: Connection, followed: Followed): Promise<RunRecord> {
  const destination = { s3: connection.s3, bucket: connection.deployed.bucket, group: data.group };
  const known = await finishedRuns(followed);
  let uploaded = 0;
  for (const file of data.files) {
    if (await isUploaded(destination, file)) continue;
    const key = await upload(destination, file, io.stop);
    view.say(`Uploaded s3://${destination.bucket}/${key}`);
    uploaded++;
  }
  const [last] = known;
  if (uploaded === 0 && !(await isAnythingRunning(followed))) {
    if (last !== undefined) {
      view.say("Nothing new since the last run; here it is again.");
      return readRecord(connection.s3, connection.deployed.bucket, data.group, last);
    }
    await connection.sfn.send(new StartExecutionCommand({ stateMachineArn: followed.stateMachineArn, input: "{}" }));
  }
  return nextRun(followed, known, { signal: io.stop, mustRun: true });
}

/** The decision, and what it means for three users. */
async function tell({ io, data, view }: Scene, connection: Connection, record: RunRecord): Promise<void> {
  view.clear();
  view.say(`\n${renderRecord(record).trimEnd()}`);
  const decision = record.contests[0]?.decision;
  if (!decision || (record.outcome !== "PROMOTE" && decision.previousSolutionVersionArn === null)) return;
  const lines = await showcase(connection, {
    group: data.group,
    campaignArn: decision.campaignArn,
    baselineVersionArn: decision.baseline.solutionVersionArn,
    users: await exampleUsers(data.files, 3),
    columns: io.columns,
  });
  lines.forEach((line) => view.say(line));
}

/** Shows every further run until the person stops. */
async function stayUp(scene: Scene, connection: Connection, followed: Followed): Promise<void> {
  const { io, data, view, cloud } = scene;
  const [user = ""] = await exampleUsers(data.files, 1);
  const directory = relative(io.cwd, data.directory) || ".";
  const place = { url: cloud.url, directory, sample: data.sample, user };
  suggestions(place).forEach((line) => view.say(line));
  const known = await finishedRuns(followed);
  const watching = (async () => {
    for (;;) {
      const record = await nextRun(followed, known, { signal: io.stop, mustRun: false });
      known.push(record.runId);
      await tell(scene, connection, record);
    }
  })();
  await Promise.race([stopped(io.stop), watching]);
  watching.catch(() => {}); // ends with the stop signal's reason
}
