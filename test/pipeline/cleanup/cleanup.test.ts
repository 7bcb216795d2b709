import { describe, expect, it } from "@jest/globals";
import { type CleanupRequest, planCleanup } from "../../../pipeline/cleanup/cleanup.ts";
import type { Found } from "../../../pipeline/cleanup/found.ts";
import {
  foreignIn,
  ForeignResources,
  isOurs,
  isOurSchema,
  isOurSolution,
} from "../../../pipeline/cleanup/ownership.ts";
import { emptyReport, renderReport } from "../../../pipeline/cleanup/report.ts";
import { resolveConfig } from "../../../pipeline/config/outrank-config.ts";
import { aRun, configInput, noFiles, planRequest, sha256 } from "../../support/run-fixtures.ts";

const states = "arn:aws:states:us-east-1:000000000000";

function request(input: unknown, group: object = {}): CleanupRequest {
  const [shop] = configInput().datasetGroups;
  const config = resolveConfig({ datasetGroups: [{ ...shop, ...group }] }, noFiles);
  return {
    ...planRequest(),
    group: config.datasetGroups[0] ?? planRequest().group,
    execution: { arn: `${states}:execution:outrank-shop-cleanup:x`, startedAt: "2026-11-24T03:00:00.000Z" },
    stateMachineArn: `${states}:stateMachine:outrank-shop-cleanup`,
    input,
  };
}

describe("a cleanup's plan", () => {
  it("names the group, the machine whose lease it takes, and its one deadline", () => {
    const cleanup = planCleanup(request({ actor: "ann" }, { deadlines: { cleanupHours: 2 } }), sha256);

    expect(cleanup).toMatchObject({
      ...{ group: "shop", prefix: "outrank-shop", patience: 7_200_000, leaseSeconds: 10_800, pollSeconds: 30 },
      datasetGroupArn: "arn:aws:personalize:us-east-1:000000000000:dataset-group/outrank-shop",
      stateMachineArn: `${states}:stateMachine:outrank-shop`,
      options: { dryRun: false, includeForeign: false, wait: false, prune: false },
      trigger: { type: "manual", actor: "ann" },
    });
    expect(cleanup.id).toMatch(/^20261124T030000-[0-9a-f]{8}$/);
  });

  it("knows the solutions that the next run would train", () => {
    expect(planCleanup(request({}), sha256).configured).toEqual(
      aRun().trainings.map(({ solutionName }) => solutionName),
    );
  });

  it.each([
    { input: { dryrun: true }, says: 'Unrecognized key: "dryrun"', why: "a typing error must not delete anything" },
    { input: [], says: "A cleanup's input is {}", why: "no object" },
    { input: { includeForeign: true }, says: "cleanup.mayDeleteForeign", why: "its role could not" },
    { input: { prune: true }, says: '"oldSolutions": "delete"', why: "off unless named" },
  ])("refuses $input: $why", ({ input, says }) => {
    expect(() => planCleanup(request(input), sha256)).toThrow(says);
  });

  it.each([
    { input: { includeForeign: true }, group: { cleanup: { mayDeleteForeign: true } } },
    { input: { prune: true }, group: { retention: { oldSolutions: "delete" } } },
    { input: { prune: true, dryRun: true }, group: {} },
  ])("takes $input with $group", ({ input, group }) => {
    expect(planCleanup(request(input, group), sha256).options).toMatchObject(input);
  });
});

describe("two groups of one project", () => {
  it("cannot be called shop and shop-cleanup: the second's machine would have the first one's cleanup's name", () => {
    const [shop] = configInput().datasetGroups;
    const both = {
      datasetGroups: [
        { ...shop, name: "shop" },
        { ...shop, name: "shop-cleanup" },
      ],
    };

    expect(() => resolveConfig(both, noFiles)).toThrow(
      '$.datasetGroups[1].name: "shop-cleanup" is how another group\'s cleanup machine is called',
    );
  });
});

describe("ours", () => {
  it.each([
    { name: "outrank-shop", is: true },
    { name: "outrank-shop-main", is: true },
    { name: "outrank-shopping", is: false },
    { name: "my-outrank-shop", is: false },
  ])("is a thing called $name in the group: $is", ({ name, is }) => {
    expect(isOurs({ name }, "outrank-shop")).toBe(is);
  });

  it.each([
    { name: "outrank-shop-items-0a1b2c3d", is: true, why: "as the planner names it" },
    { name: "outrank-shop-items-items-0a1b2c3d", is: false, why: "of a group named shop-items" },
    { name: "outrank-shop-items-0a1b2c3", is: false, why: "a hash has eight digits" },
    { name: "outrank-shop-prices-0a1b2c3d", is: false, why: "no dataset of that type" },
  ])("is a schema of the account called $name: $is ($why)", ({ name, is }) => {
    expect(isOurSchema(name, "outrank-shop")).toBe(is);
  });

  it.each([
    { name: "outrank-shop-for-you-0a1b2c", is: true },
    { name: "outrank-shop-for-you-0a1b2g", is: false },
    { name: "outrank-shop-0a1b2c", is: false },
  ])("is a solution called $name: $is", ({ name, is }) => {
    expect(isOurSolution(name, "outrank-shop")).toBe(is);
  });

  it("is never a matter of schemas, which are looked for by their whole names", () => {
    const named = (kind: Found["kind"], name: string) => ({ kind, name }) as Found;
    const found = [named("schema", "x"), named("campaign", "anns"), named("campaign", "outrank-shop-main")];

    const foreign = foreignIn(found, "outrank-shop");

    expect(foreign.map(({ name }) => name)).toEqual(["anns"]);
    expect(new ForeignResources("shop", foreign).message).toContain("in the dataset group of shop: campaign anns.");
  });
});

describe("the notice", () => {
  it("says what went, what was stopped and what stays, and that uploads are kept", () => {
    const options = { dryRun: false, includeForeign: false, wait: false, prune: false };
    const text = renderReport(
      { group: "shop", options },
      {
        ...emptyReport,
        deleted: [{ kind: "campaign", name: "c" }],
        stopped: ["arn:s/1"],
        kept: [{ kind: "schema", name: "s", reason: "somebody uses it" }],
      },
    );

    expect(text).toBe(
      [
        "The dataset group of shop was taken down. Uploads and run records are kept.",
        ...["", "Deleted:", "  campaign c"],
        ...["", "Training stopped:", "  arn:s/1"],
        ...["", "Kept:", "  schema s: somebody uses it"],
      ].join("\n"),
    );
  });
});
