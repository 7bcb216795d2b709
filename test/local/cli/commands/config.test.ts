import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateFilterCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
} from "@aws-sdk/client-personalize";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../../../infra/synthesize.ts";
import { resolveConfig } from "../../../../pipeline/config/outrank-config.ts";
import { dispatch } from "../../../../local/cli/main.ts";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../../../support/communities.ts";
import { type Stack, startStack } from "../../../support/stack.ts";
import { bookshop } from "../config/parameter-files.ts";

const folder = mkdtempSync(join(tmpdir(), "outrank-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function outrank(args: readonly string[], env: Record<string, string> = {}) {
  let [stdout, stderr] = ["", ""];
  const code = await dispatch(args, {
    out: (line) => (stdout += `${line}\n`),
    err: (line) => (stderr += `${line}\n`),
    ...{ tty: false, columns: 100, env, cwd: folder, stop: new AbortController().signal },
  });
  return { code, stdout, stderr };
}

function file(name: string, content: unknown): string {
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return name;
}

const club = communitiesConfig();
const [group] = club.datasetGroups;

describe("outrank config check", () => {
  it("says every fault with its path, of the file, of schema files and of expressions", async () => {
    const broken = {
      datasetGroups: [
        {
          ...group,
          name: "Club",
          datasets: { ...group?.datasets, items: { schema: "no-such.json" } },
          solutions: [{ name: "main", recipe: "aws-sims" }],
          schedule: { expression: "weekly", timezone: "Mars/Olympus" },
        },
      ],
    };

    const { code, stdout, stderr } = await outrank(["config", "check", file("broken.json", broken)]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringContaining("broken.json has 5 faults:"),
      expect.stringMatching(/^ {2}\$\.datasetGroups\[0]\.datasets\.items\.schema: ENOENT/),
      expect.stringMatching(/^ {2}\$\.datasetGroups\[0]\.name: /),
      expect.stringMatching(/^ {2}\$\.datasetGroups\[0]\.solutions\[0]\.recipe: aws-sims is no candidate/),
      expect.stringMatching(/^ {2}\$\.datasetGroups\[0]\.schedule\.expression: "weekly" is neither/),
      expect.stringMatching(/^ {2}\$\.datasetGroups\[0]\.schedule\.timezone: not an IANA time zone/),
    ]);
  });

  it("refuses what only Scheduler would", async () => {
    const late = { datasetGroups: [{ ...group, schedule: { expression: "cron(0 25 * * ? *)" } }] };

    const { code, stdout } = await outrank(["config", "check", file("late.json", late), "--json"]);

    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      faults: [expect.stringContaining("$.datasetGroups[0].schedule.expression: Invalid Schedule Expression")],
    });
  });

  it("tells what a file means, when runs are due, and which defaults are in force", async () => {
    const timed = { ...group, schedule: { expression: "cron(30 2 * * ? *)", timezone: "Asia/Tokyo" } };
    const name = file("timed.json", { ...club, datasetGroups: [timed] });

    const { code, stdout } = await outrank(["config", "check", name, "--defaults"]);

    expect(code).toBe(0);
    expect(stdout).toContain("club: in Personalize outrank-club\n");
    expect(stdout).toContain("  data items, imported FULL: ITEM_ID, TITLE, CATEGORY\n");
    expect(stdout).toContain("  solution main: aws-hrnn, trained FULL, campaign main at 1 TPS\n");
    expect(stdout.match(/^ {4}\w{3} \d{4}-\d\d-\d\d 02:30 Asia\/Tokyo$/gm)).toHaveLength(3);
    expect(stdout).toContain("  $.datasetGroups[0].quietPeriodSeconds = 120\n");
    expect(stdout).not.toContain("$.datasetGroups[0].name =");
  });

  const smoke = (solution: object) => ({ ...communitiesConfig({ solution }).datasetGroups[0] });
  const emails = { emails: ["a@example.com"] };
  it.each([
    { warns: "schedule.expression", why: "too often", of: { ...group, schedule: { expression: "rate(59 minutes)" } } },
    { warns: "notifications", why: "nobody is told", of: { ...group } },
    { warns: "notifications", why: "approval", of: smoke({ decision: { profile: "strict" } }) },
    {
      warns: "solutions[0].campaign.minProvisionedTPS",
      why: "billed",
      of: smoke({ campaign: { minProvisionedTPS: 2 } }),
    },
    { warns: "solutions[0].recipe", why: "ties", of: smoke({ recipe: "aws-popularity-count" }) },
    { warns: "solutions[0].decision.profile", why: "demo", of: { ...group } },
    { warns: "cadence.onUpload", why: "nothing trains", of: { ...group, cadence: { onUpload: "import" } } },
    {
      warns: "schedule.whenUnchanged",
      why: "streamed events",
      of: { ...group, eventTracker: true, schedule: { expression: "rate(7 days)" } },
    },
  ])("warns at $warns: $why", async ({ warns, of }) => {
    const { code, stdout } = await outrank(["config", "check", file("w.json", { datasetGroups: [of] }), "--json"]);

    const { warnings } = JSON.parse(stdout) as { warnings: { path: string }[] };
    expect(code).toBe(0);
    expect(warnings.map(({ path }) => path)).toContain(`$.datasetGroups[0].${warns}`);
  });

  it("has nothing against a careful configuration", async () => {
    const careful = { ...smoke({ decision: {} }), notifications: emails, schedule: { expression: "rate(60 minutes)" } };

    const { stdout } = await outrank(["config", "check", file("c.json", { datasetGroups: [careful] }), "--json"]);

    expect(JSON.parse(stdout)).toMatchObject({ faults: [], warnings: [] });
  });
});

describe("outrank config from-solution", () => {
  it("writes a configuration that passes the check, and never over another one", async () => {
    const from = ["config", "from-solution", file("books.json", bookshop), "--out", "books-outrank.json"];

    const { code, stderr } = await outrank(from);
    const check = await outrank(["config", "check", "books-outrank.json"]);
    const again = await outrank(from);

    expect([code, check.code, again.code]).toEqual([0, 0, 2]);
    expect(stderr).toContain("\n  $.solutions[1]: aws-sims is no candidate");
    expect(again.stderr).toContain("is there already; add --overwrite");
  });

  it("refuses another kind of file", async () => {
    const { code, stderr } = await outrank(["config", "from-solution", file("other.json", { a: 1 })]);

    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("It should be a parameter file") });
  });
});

describe("outrank config adopt", () => {
  let stack: Stack;
  const env = () => ({ AWS_ENDPOINT_URL: stack.cloud.url });
  beforeAll(async () => {
    stack = await startStack({ config: communitiesConfig({ solution: { campaign: { minProvisionedTPS: 2 } } }) });
    await makeOldGroup(stack);
  });
  afterAll(() => stack.close());

  it("writes a configuration for a group that is there, which can be deployed", async () => {
    const { code, stdout, stderr } = await outrank(["config", "adopt", "old_films", "--out", "adopted.json"], env());

    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("Wrote adopted.json") });
    const raw = JSON.parse(readFileSync(join(folder, "adopted.json"), "utf8")) as unknown;
    expect(raw).toMatchObject({
      datasetGroups: [
        {
          name: "old-films",
          datasets: group?.datasets,
          solutions: [
            {
              ...{ name: "for-fans", recipe: "aws-hrnn", eventType: "view" },
              config: { algorithmHyperParameters: { hidden_dimension: "32" } },
            },
          ],
          followUp: {
            filters: [{ name: "seen", expression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("view")' }],
          },
        },
      ],
    });
    expect(stderr).toContain("\n  solution old_alike: aws-sims is no candidate");
    expect(stderr).toContain("makes a NEW dataset group beside the old one");
    expect((await outrank(["config", "check", "adopted.json"])).code).toBe(0);
    const outdir = join(folder, "out");
    expect(synthesize({ config: resolveConfig(raw, () => undefined), outdir })).toContain(outdir);
  });

  it("takes the size of a campaign over, by the group's ARN", async () => {
    await stack.drop({ "club/interactions/a.csv": interactionsCsv({ users: 100 }), "club/items/a.csv": itemsCsv() });
    await stack.rest();
    const arn = "arn:aws:personalize:us-east-1:000000000000:dataset-group/outrank-club";

    const { code, stdout, stderr } = await outrank(["config", "adopt", arn], env());

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      datasetGroups: [
        { name: "outrank-club", solutions: [{ recipe: "aws-hrnn", campaign: { minProvisionedTPS: 2 } }] },
      ],
    });
    expect(stderr).toMatch(/\n {2}solution outrank-club-\S+: aws-popularity-count is the yardstick/);
    expect(stderr).toContain("\n  campaign outrank-club-main, name: the campaign is called after its solution");
  });

  it("names the groups that there are when it is not among them", async () => {
    const { code, stderr } = await outrank(["config", "adopt", "films"], env());

    expect(code).toBe(1);
    expect(stderr).toContain('There is no dataset group "films" in this account and region. There are: ');
    expect(stderr).toContain("old_films");
  });
});

/** As somebody made it by hand before there was Outrank. */
async function makeOldGroup({ personalize, clock }: Stack): Promise<void> {
  const { datasetGroupArn } = await personalize.send(new CreateDatasetGroupCommand({ name: "old_films" }));
  await clock.idle();
  for (const datasetType of ["interactions", "items"] as const) {
    const schema = JSON.stringify(group?.datasets[datasetType]?.schema);
    const { schemaArn } = await personalize.send(new CreateSchemaCommand({ name: `old_${datasetType}`, schema }));
    const name = `old_${datasetType}`;
    await personalize.send(new CreateDatasetCommand({ name, schemaArn, datasetGroupArn, datasetType }));
  }
  await clock.idle();
  const solution = { datasetGroupArn, performAutoTraining: false };
  const recipe = (name: string) => ({ recipeArn: `arn:aws:personalize:::recipe/${name}` });
  const solutionConfig = { algorithmHyperParameters: { hidden_dimension: "32" } };
  await personalize.send(
    new CreateSolutionCommand({
      ...solution,
      ...recipe("aws-hrnn"),
      name: "for_fans",
      eventType: "view",
      solutionConfig,
    }),
  );
  await personalize.send(new CreateSolutionCommand({ ...solution, ...recipe("aws-sims"), name: "old_alike" }));
  const filterExpression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("view")';
  await personalize.send(new CreateFilterCommand({ name: "seen", datasetGroupArn, filterExpression }));
  await clock.idle();
}
