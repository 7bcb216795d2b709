import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { join } from "node:path";
import { projectRoot } from "../../local/cloud/project-root.ts";
import { begin, type Finished, scratch } from "../support/command-line.ts";
import { interactionsCsv, itemsCsv } from "../support/communities.ts";

const place = scratch();
afterAll(() => place.remove());

const startOptions = (state: string) => ["--port", "0", "--time-scale", "600", "--state", join(place.path, state)];
const npmStart = (state: string, ...args: string[]) => begin("npm", ["start", "--", ...startOptions(state), ...args]);

const lastLineOf = ({ stdout }: Finished): unknown => JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");

const metricNames = [
  "coverage",
  "mean_reciprocal_rank_at_25",
  "normalized_discounted_cumulative_gain_at_10",
  "normalized_discounted_cumulative_gain_at_25",
  "normalized_discounted_cumulative_gain_at_5",
  "precision_at_10",
  "precision_at_25",
  "precision_at_5",
];

describe("npm start -- --once --json on a person's own files", () => {
  let data: string;
  let first: Finished;

  beforeAll(async () => {
    const files = { "interactions.csv": interactionsCsv({ users: 300 }), "items.csv": itemsCsv() };
    data = place.folder("book-club", files);
    first = await npmStart("own", "--once", "--json", "--data", data).finished;
  }, 120_000);

  it("ends with 0 and one JSON object that has exactly the documented members", () => {
    expect(first).toMatchObject({ code: 0 });

    const version = (recipe: string) => ({
      solutionVersionArn: expect.stringMatching(/^arn:aws:personalize:us-east-1:000000000000:solution\//),
      recipe,
      metrics: Object.fromEntries(metricNames.map((name) => [name, expect.any(Number)])),
    });
    expect(lastLineOf(first)).toEqual({
      execution: expect.stringMatching(/^arn:aws:states:us-east-1:000000000000:execution:/),
      outcome: "PROMOTE",
      campaignArn: "arn:aws:personalize:us-east-1:000000000000:campaign/outrank-book-club-main",
      candidate: version("aws-user-personalization-v2"),
      baseline: version("aws-popularity-count"),
      rules: expect.arrayContaining([
        expect.objectContaining({ name: "better than the baseline", passed: true, skipped: false }),
      ]),
      seconds: expect.any(Number),
    });
  });

  it("tells the story in plain lines: the gate's profile, states, trainings, the decision, three users", () => {
    const { stdout } = first;

    expect(stdout).toContain('The gate takes the profile "demo"');
    expect(stdout).toMatch(/^ 0:\d\d {2}Plan the run$/m);
    expect(stdout).toMatch(/trained aws-user-personalization-v2 in \d:\d\d, \d+ epochs, loss \d/);
    expect(stdout).toMatch(/pass {2}better than the baseline +\d/);
    expect(stdout.match(/^For user u\d+:$/gm)).toHaveLength(3);
    expect(stdout).toMatch(/^ {2}1 {2}Item \d+ +Item \d+$/m);
    expect(stdout).not.toContain("\u001b");
  });

  it("says nothing on stderr beside what npm itself says", () => {
    expect(first.stderr.split("\n").filter((line) => line !== "" && !line.startsWith("npm "))).toEqual([]);
  });

  it("goes on from the state on disk: the same again uploads and trains nothing", async () => {
    const again = await npmStart("own", "--once", "--json").finished;

    expect(again.code).toBe(0);
    expect(again.stdout).toContain("Nothing new since the last run");
    expect(lastLineOf(again)).toMatchObject({ execution: (lastLineOf(first) as { execution: string }).execution });
  }, 60_000);
});

describe("npm start when it cannot go well", () => {
  it("ends with 1 and still the JSON object when the run fails", async () => {
    const data = place.folder("tiny", { "interactions.csv": interactionsCsv({ users: 5 }) });

    const failed = await npmStart("tiny-state", "--once", "--json", "--data", data).finished;

    expect(failed.code).toBe(1);
    expect(lastLineOf(failed)).toMatchObject({ outcome: "FAILED", candidate: null, baseline: null, rules: [] });
    expect(failed.stdout).toContain("the run failed: ");
    expect(failed.stdout + failed.stderr).not.toMatch(/^\s+at /m);
  }, 60_000);

  it("stops at once on Ctrl-C, with a word on how to go on, and goes on", async () => {
    const data = place.folder("stopped", { "interactions.csv": interactionsCsv({ users: 300 }) });
    // A terminal sends Ctrl-C to npm and to us; a test reaches one process, and it is ours.
    const running = begin(process.execPath, [
      join(projectRoot(), "local/cli/bootstrap.mjs"),
      ...["start", ...startOptions("stopped-state"), "--once", "--json", "--data", data],
    ]);
    await running.said(/Train the candidates/);
    const asked = performance.now();

    running.child.kill("SIGINT");
    const stopped = await running.finished;

    expect(performance.now() - asked).toBeLessThan(5_000);
    expect(stopped).toMatchObject({ code: 130, stderr: expect.not.stringMatching(/Error|\s+at /) });
    expect(stopped.stdout.trimEnd()).toMatch(/Stopped\. Everything so far is in \S+; npm start goes on from there\.$/);
    const after = await npmStart("stopped-state", "--once", "--json").finished;
    expect(after.code).toBe(0);
    expect(lastLineOf(after)).toMatchObject({ outcome: "PROMOTE" });
  }, 120_000);
});
