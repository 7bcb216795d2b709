/** docs/support.md tells the truth: its lists are the code's, and the AWS SDK's operations are all accounted for. */
import * as monitoring from "@aws-sdk/client-cloudwatch";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as events from "@aws-sdk/client-eventbridge";
import * as glue from "@aws-sdk/client-glue";
import * as lambda from "@aws-sdk/client-lambda";
import * as personalize from "@aws-sdk/client-personalize";
import * as personalizeEvents from "@aws-sdk/client-personalize-events";
import * as personalizeRuntime from "@aws-sdk/client-personalize-runtime";
import * as s3 from "@aws-sdk/client-s3";
import * as scheduler from "@aws-sdk/client-scheduler";
import * as states from "@aws-sdk/client-sfn";
import * as sns from "@aws-sdk/client-sns";
import * as sts from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededIds, seededRandom } from "../../local/cloud/boot/chance.ts";
import { type Cloud, startCloud } from "../../local/cloud/boot/start-cloud.ts";
import { createJumpingClock } from "../../local/cloud/clock/jumping-clock.ts";
import { loadModel } from "../../local/cloud/models/load-model.ts";
import { recipes } from "../../local/recipes/index.ts";
import { root } from "../support/sources.ts";

const clients: Readonly<Record<string, object>> = {
  personalize,
  "personalize-runtime": personalizeRuntime,
  "personalize-events": personalizeEvents,
  states,
  s3,
  events,
  scheduler,
  glue,
  lambda,
  sns,
  monitoring,
  logs,
  sts,
  // No client of IAM is installed: the model tells which operations there could be.
  iam: Object.fromEntries(Object.keys(loadModel("iam").operations).map((name) => [`${name}Command`, name])),
};

const page = readFileSync(join(root, "docs", "support.md"), "utf8");

/** The text between a heading and the next one of the same or a higher level. */
function section(heading: string): string {
  const level = /^#+/.exec(heading)?.[0].length ?? 1;
  const [, after = ""] = page.split(`\n${heading}\n`);
  return after.split(new RegExp(`\n#{1,${level}} `))[0] ?? "";
}

const names = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
const firstCells = (text: string): string[] => [...text.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1] ?? "");

interface Told {
  readonly done: readonly string[];
  readonly partial: readonly string[];
  readonly absent: string;
}

function toldOf(service: string): Told {
  const heading = page.split("\n").find((line) => line.startsWith("### ") && line.endsWith(`: \`${service}\``)) ?? "";
  const text = section(heading);
  const paragraph = (begin: string) => text.split("\n\n").find((part) => part.trim().startsWith(begin)) ?? "";
  return { done: names(paragraph("Done:")), partial: firstCells(text), absent: paragraph("Absent:") };
}

const operationsOf = (client: object): string[] =>
  Object.keys(client)
    .filter((name) => /^[A-Z].*Command$/.test(name))
    .map((name) => name.slice(0, -"Command".length));

describe("docs/support.md", () => {
  const stateDir = mkdtempSync(join(tmpdir(), "outrank-support-"));
  let cloud: Cloud;
  beforeAll(async () => {
    const chance = { ids: seededIds(1), random: seededRandom(1) };
    cloud = await startCloud({ stateDir, port: 0, clock: createJumpingClock(), ...chance, log: () => {} });
  });
  afterAll(async () => {
    await cloud.close();
    rmSync(stateDir, { recursive: true, force: true });
  });

  it("has a part for every service of the embedded cloud", () => {
    expect(Object.keys(cloud.offer.operations).sort()).toEqual(Object.keys(clients).sort());
  });

  it.each(Object.keys(clients).map((service) => ({ service })))(
    "lists every operation that $service really offers, once, as done or partial",
    ({ service }) => {
      const { done, partial } = toldOf(service);

      expect([...done, ...partial].sort()).toEqual([...(cloud.offer.operations[service] ?? [])].sort());
    },
  );

  it.each(Object.keys(clients).map((service) => ({ service })))("accounts for all of $service's API", ({ service }) => {
    const { done, partial, absent } = toldOf(service);
    const missing = operationsOf(clients[service] ?? {}).filter((name) => ![...done, ...partial].includes(name));
    const count = service === "iam" ? undefined : /the other (\d+) operations/.exec(absent)?.[1];

    if (count === undefined) expect(names(absent).sort()).toEqual(missing.sort());
    else expect(Number(count)).toBe(missing.length);
  });

  it("lists the recipes that can be trained", () => {
    expect(firstCells(section("## Recipes")).sort()).toEqual(Object.keys(recipes).sort());
  });

  it("lists the resource types that a template may have", () => {
    expect(firstCells(section("## Template resource types")).sort()).toEqual([...cloud.offer.resourceTypes].sort());
  });
});
