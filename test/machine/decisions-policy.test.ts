/** What the configuration lets pass: sample sizes, a first run's fallback, cooldown, and a person's approval. */
import { afterEach, describe, expect, it } from "@jest/globals";
import { SendTaskSuccessCommand } from "@aws-sdk/client-sfn";
import type { RunRecord } from "../../pipeline/records/run-record.ts";
import { communitiesConfig, interactionsCsv } from "../support/communities.ts";
import { changeMetrics, createFaultPort, type FaultPort, notices } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

const good = { coverage: 0.5, precision_at_25: 0.04, normalized_discounted_cumulative_gain_at_25: 0.3 };
const bad = { coverage: 0.5, precision_at_25: 0.04, normalized_discounted_cumulative_gain_at_25: 0.1 };
const data = { "club/interactions/interactions.csv": interactionsCsv({ users: 100 }) };
const campaignChanges = ["CreateCampaign", "UpdateCampaign"] as const;

let stack: Stack;
let port: FaultPort;
afterEach(() => stack.close());

/** A stack whose candidates have these policies, one solution each. The candidates themselves do not matter here. */
async function stackWith(...decisions: readonly object[]): Promise<void> {
  port = createFaultPort();
  const solutions = decisions.map((decision, index) => ({
    ...{ name: `main-${index}`, recipe: "aws-popularity-count", decision },
    rollback: { smokeTest: { enabled: false } },
  }));
  stack = await startStack({ config: communitiesConfig({ group: { solutions } }), fault: port.fault });
}

const report = (candidate: object, baseline: object) =>
  changeMetrics(port, (name) => ({ ...(name === "baseline" ? baseline : candidate) }));

async function lastRecord(): Promise<RunRecord> {
  const record = (await stack.records("club")).at(-1);
  if (!record) throw new Error("no run was recorded");
  return record;
}

const campaigns = (record: RunRecord) => record.contests.map(({ outcome, reasonCodes }) => [outcome, ...reasonCodes]);

describe("policies", () => {
  it("differ: a hundred users are too few for the default profile and enough for the demo's", async () => {
    await stackWith({ profile: "default" }, { profile: "demo" });
    report(good, bad);

    await stack.drop(data);
    await stack.rest();

    const record = await lastRecord();
    expect(campaigns(record)).toEqual([
      ["KEEP", "FIRST_RUN", "SAMPLE_TOO_SMALL"],
      ["PROMOTE", "FIRST_RUN", "BEAT_BASELINE"],
    ]);
    expect(port.inputs(...campaignChanges)).toHaveLength(1);
  });

  it("may put popular items on air on a first run that the candidate lost, and only then", async () => {
    await stackWith({ profile: "demo", firstRunFallback: "popularity" }, { profile: "demo" });
    report(bad, good);

    await stack.drop(data);
    await stack.rest();
    const first = await lastRecord();
    await stack.begin("club");
    await stack.rest();
    const second = await lastRecord();

    expect(first.contests.map(({ outcome }) => outcome)).toEqual(["PROMOTE", "KEEP"]);
    const [decision] = first.contests.map((contest) => contest.decision);
    expect(decision?.verdict.promotes).toEqual({
      role: "baseline",
      solutionVersionArn: decision?.baseline.solutionVersionArn,
    });
    expect(second.contests.map(({ outcome }) => outcome)).toEqual(["KEEP", "KEEP"]);
    expect(port.inputs(...campaignChanges)).toMatchObject([
      { solutionVersionArn: decision?.baseline.solutionVersionArn },
    ]);
  });

  it("may ask for time between two promotions", async () => {
    await stackWith({ profile: "demo", cooldownHours: 24 });
    const restore = report(good, bad);
    await stack.drop(data);
    await stack.rest();
    restore();
    report({ ...good, normalized_discounted_cumulative_gain_at_25: 0.4 }, bad);

    await stack.begin("club");
    await stack.rest();
    const tooSoon = await lastRecord();
    stack.clock.at(stack.clock.now() + 24 * 3_600_000, () => undefined);
    await stack.rest();
    await stack.begin("club");
    await stack.rest();

    expect(campaigns(tooSoon)).toEqual([["KEEP", "COOLDOWN"]]);
    expect(campaigns(await lastRecord())).toEqual([["PROMOTE", "BEAT_BASELINE"]]);
  });
});

describe("a candidate that needs a person's approval", () => {
  const policy = { profile: "demo", approval: { mode: "manual", timeoutHours: 8 } };

  /** Answers the question when it comes; the token is the last paragraph of the notice. */
  function answerWith(output: string): void {
    port.on("Publish", async ({ Message }, next) => {
      const published = await next();
      const taskToken = String(Message).split("\n\n").at(-1);
      if (!String(Message).includes("task token")) return published;
      stack.clock.at(stack.clock.now() + 3_600_000, () => {
        const release = stack.clock.hold();
        void stack.sfn.send(new SendTaskSuccessCommand({ taskToken, output })).finally(release);
      });
      return published;
    });
  }

  it.each([
    { output: '{"answer": "approved", "actor": "ada"}', outcome: "PROMOTE", answer: "approved", changes: 1 },
    { output: '{"answer": "rejected", "actor": "bob"}', outcome: "KEEP", answer: "rejected", changes: 0 },
    { output: '{"answer": "yes please"}', outcome: "KEEP", answer: "yes please", changes: 0 },
    { output: "{}", outcome: "KEEP", answer: "none", changes: 0 },
    { output: '"approved"', outcome: "KEEP", answer: "none", changes: 0 },
  ])("that is answered $output ends as $outcome", async ({ output, outcome, answer, changes }) => {
    await stackWith(policy);
    report(good, bad);
    answerWith(output);

    await stack.drop(data);
    await stack.rest();

    const record = await lastRecord();
    expect(record).toMatchObject({ outcome, failure: null, contests: [{ approval: { answer } }] });
    expect(port.inputs(...campaignChanges)).toHaveLength(changes);
    expect(record.reasonCodes.includes("NOT_APPROVED")).toBe(outcome === "KEEP");
    expect(notices(port).at(-1)?.Message).toContain(`Asked for approval: ${answer}`);
  });

  it("that nobody answers in time is kept out", async () => {
    await stackWith(policy);
    report(good, bad);

    await stack.drop(data);
    await stack.rest();

    const record = await lastRecord();
    expect(record).toMatchObject({ outcome: "KEEP", failure: null, contests: [{ approval: { answer: "timeout" } }] });
    expect(record.reasonCodes).toContain("APPROVAL_TIMEOUT");
    expect(Date.parse(record.finishedAt) - Date.parse(record.startedAt)).toBeGreaterThan(8 * 3_600_000);
    expect(port.inputs(...campaignChanges)).toEqual([]);
  });
});
