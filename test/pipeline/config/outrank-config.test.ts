import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { profiles } from "../../../pipeline/config/decision-policy.ts";
import {
  ConfigurationRefused,
  type OutrankConfigInput,
  resolveConfig,
} from "../../../pipeline/config/outrank-config.ts";
import { scheduleFault } from "../../../pipeline/config/schedule.ts";
import { aRun, configInput, interactionsSchema, noFiles } from "../../support/run-fixtures.ts";

const project = join(__dirname, "..", "..", "..");
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(project, path), "utf8"));

function faultsOf(raw: unknown): readonly string[] {
  try {
    resolveConfig(raw, noFiles);
  } catch (error) {
    if (error instanceof ConfigurationRefused) return error.faults;
    throw error;
  }
  return [];
}

/** The fixture's only group with some members changed. */
const group = (changes: Record<string, unknown>) => ({
  datasetGroups: [{ ...configInput().datasetGroups[0], ...changes }],
});
const solution = (changes: Record<string, unknown>) =>
  group({ solutions: [{ name: "for-you", recipe: "aws-hrnn", ...changes }] });

describe("outrank.json", () => {
  it("as shipped resolves, schema files and all", () => {
    const { project: name, datasetGroups } = resolveConfig(readJson("outrank.json"), readJson);
    const [shop] = datasetGroups;

    expect([name, shop?.name, shop?.solutions[0]?.recipe]).toEqual(["outrank", "shop", "aws-user-personalization-v2"]);
    expect(shop?.datasets.items?.schema.fields.map((field) => field.name)).toEqual([
      "ITEM_ID",
      "TITLE",
      "CATEGORY_L1",
      "PRICE",
      "CREATION_TIMESTAMP",
    ]);
    expect(shop?.solutions[0]?.decision).toEqual(profiles.default);
  });

  it("resolves to the same again", () => {
    const once = resolveConfig(configInput(), noFiles);

    expect(resolveConfig(once, noFiles)).toEqual(once);
  });

  it("reports all faults at once, each with its path", () => {
    const faults = faultsOf({
      projct: "typo",
      datasetGroups: [
        { name: "Shop", datasets: {}, solutions: [{ name: "x1", recipe: "aws-sims" }], quietPeriodSeconds: -1 },
      ],
    });

    expect(faults.map((fault) => fault.split(":")[0])).toEqual([
      "$.datasetGroups[0].name",
      "$.datasetGroups[0].datasets.interactions",
      "$.datasetGroups[0].solutions[0].recipe",
      "$.datasetGroups[0].quietPeriodSeconds",
      "$",
    ]);
  });

  it.each([
    {
      why: "two groups of one name",
      raw: { datasetGroups: [...configInput().datasetGroups, ...configInput().datasetGroups] },
      says: 'a second group named "shop"',
    },
    { why: "the pipeline's own folder as a group", raw: group({ name: "outrank" }), says: "own objects" },
    {
      why: "names too long together",
      raw: { project: "sixteen-letters-", ...group({ name: "a-rather-long-name" }) },
      says: "2 to 32 of a-z",
    },
    { why: "automatic training (R5)", raw: solution({ performAutoTraining: true }), says: "expected false" },
    { why: "a solution called baseline", raw: solution({ name: "baseline" }), says: "yardstick" },
    {
      why: "a baseline of other imports (R2)",
      raw: solution({ decision: { baseline: { mustShareImports: false } } }),
      says: "expected true",
    },
    {
      why: "a misspelt knob of the gate",
      raw: solution({ decision: { baseline: { minRelativLift: 0.2 } } }),
      says: "Unrecognized key",
    },
    {
      why: "minimums below the service's",
      raw: solution({ decision: { minSample: { usersWithTwo: 24 } } }),
      says: ">=25",
    },
    {
      why: "a guardrail that guards nothing",
      raw: solution({ decision: { guardrails: [{ metric: "coverage" }] } }),
      says: "minValue or maxRelativeDrop",
    },
    {
      why: "an unknown time zone",
      raw: group({ schedule: { expression: "rate(7 days)", timezone: "Europe/Bern" } }),
      says: "IANA",
    },
    {
      why: "a schema without TIMESTAMP",
      raw: group({
        datasets: {
          interactions: { schema: { ...interactionsSchema, fields: interactionsSchema.fields.slice(0, 2) } },
        },
      }),
      says: "column TIMESTAMP is missing",
    },
    {
      why: "two columns that Personalize cannot tell apart",
      raw: group({
        datasets: {
          interactions: {
            schema: {
              ...interactionsSchema,
              fields: [...interactionsSchema.fields, { name: "EVENTTYPE", type: "string" }],
            },
          },
        },
      }),
      says: "EVENT_TYPE and EVENTTYPE",
    },
  ])("refuses $why", ({ raw, says }) => {
    expect(faultsOf(raw).join("\n")).toContain(says);
  });

  it("overrides a profile member by member", () => {
    const { datasetGroups } = resolveConfig(solution({ decision: { profile: "strict", noise: { k: 2 } } }), noFiles);

    expect(datasetGroups[0]?.solutions[0]?.decision).toEqual({
      ...profiles.strict,
      noise: { requireAbove: true, k: 2 },
    });
  });
});

describe("scheduleFault", () => {
  it.each([
    "cron(0 3 ? * MON *)",
    "cron(15 10 ? * 6L 2026-2030)",
    "cron(0/15 8-18 1W * ? *)",
    "rate(1 day)",
    "rate(7 days)",
  ])("takes %s", (expression) => expect(scheduleFault(expression)).toBeUndefined());

  it.each([
    { expression: "cron(0 3 * * MON *)", why: "both day fields are given" },
    { expression: "cron(0 3 ? * ? *)", why: "neither is" },
    { expression: "cron(0 3 * * ?)", why: "five fields" },
    { expression: "rate(7 day)", why: "seven of them are days" },
    { expression: "rate(0 days)", why: "never" },
    { expression: "every monday", why: "no expression" },
  ])("refuses $expression: $why", ({ expression }) => expect(scheduleFault(expression)).toContain(expression));
});

describe("tags and encryption", () => {
  const tags = (value: unknown) => ({ ...configInput(), tags: value });
  const encryption = (value: unknown) => ({ ...configInput(), encryption: value });

  it.each([
    { raw: tags({ "aws:team": "x" }), path: "$.tags.aws:team", why: "AWS's own prefix" },
    { raw: tags({ team: "a;b" }), path: "$.tags.team", why: "a sign that Personalize does not take" },
    { raw: tags({ team: 1 }), path: "$.tags.team", why: "a number" },
    {
      raw: tags(Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, ""]))),
      ...{ path: "$.tags", why: "more than fifty" },
    },
    { raw: encryption({ customerKey: "yes" }), path: "$.encryption.customerKey", why: "neither create nor an ARN" },
    {
      raw: encryption({ customerKey: "arn:aws:kms:eu-west-1:123456789012:alias/data" }),
      ...{ path: "$.encryption.customerKey", why: "an alias, which Personalize does not take" },
    },
    { raw: encryption({}), path: "$.encryption.customerKey", why: "no key named" },
  ])("refuses $why", ({ raw, path }) => {
    expect(faultsOf(raw).map((fault) => fault.slice(0, path.length))).toEqual([path]);
  });

  it("takes a key to be made, or the ARN of one that exists", () => {
    const arn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    for (const customerKey of ["create", arn]) {
      expect(resolveConfig(encryption({ customerKey }), noFiles).encryption).toEqual({ customerKey });
    }
  });

  it("gives a run the project's tags and the group's, the group's before the project's", () => {
    const config = { ...configInput(), ...group({ tags: { team: "shop", stage: "prod" } }) };
    const run = aRun({ tags: { team: "all", "cost centre": "42" } }, config as OutrankConfigInput);

    expect(run.tags).toEqual([
      { tagKey: "team", tagValue: "shop" },
      { tagKey: "cost centre", tagValue: "42" },
      { tagKey: "stage", tagValue: "prod" },
    ]);
  });
});
