import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { dispatch } from "../../../../local/cli/main.ts";
import { communitiesConfig, interactionsCsv } from "../../../support/communities.ts";
import { type Stack, startStack } from "../../../support/stack.ts";

/** Times that never come, so that the jumping clock rests. */
const never = "cron(0 3 1 1 ? 2199)";
const group = { schedule: { expression: never, timezone: "Europe/Berlin" }, cadence: { train: { expression: never } } };

let stack: Stack;

async function outrank(...args: string[]) {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const env = { AWS_ENDPOINT_URL: stack.cloud.url };
  const io = { out: say, err: () => {}, tty: false, columns: 100, env, cwd: ".", stop: new AbortController().signal };
  return { code: await dispatch(args, { ...io, err: say }), said: lines.join("\n") };
}

async function shown() {
  const { said } = await outrank("schedule", "show", "club", "--json");
  return JSON.parse(said) as { schedules: { starts: string; enabled: boolean }[]; uploads: { enabled: boolean }[] };
}

/** As the cloud has it, without what pausing is about. */
async function stored(Name = "outrank-club") {
  const caller = { kind: "account" } as const;
  return (await stack.cloud.calls.call("scheduler", "GetSchedule", { Name }, caller)) as Record<string, unknown>;
}

describe("outrank schedule", () => {
  afterEach(() => stack.close());

  it("shows what starts runs, and when next", async () => {
    stack = await startStack({ config: communitiesConfig({ group }) });

    const { code, said } = await outrank("schedule", "show", "club");

    expect(code).toBe(0);
    expect(said.split("\n")).toEqual([
      `outrank-club: ${never} in Europe/Berlin starts a whole run`,
      "  next Tue 2199-01-01 03:00 Europe/Berlin",
      `outrank-club-train: ${never} in UTC starts stage train`,
      "  next Tue 2199-01-01 03:00 UTC",
      expect.stringMatching(/: uploads start runs$/),
    ]);
  });

  it("pauses and resumes, one or all, and leaves the rest of a schedule as it was", async () => {
    stack = await startStack({ config: communitiesConfig({ group }) });
    const before = await stored();

    await outrank("schedule", "pause", "club", "--of", "train");
    expect((await shown()).schedules).toMatchObject([
      { starts: "run", enabled: true },
      { starts: "train", enabled: false },
    ]);
    await outrank("schedule", "pause", "club");
    expect((await shown()).schedules).toMatchObject([{ enabled: false }, { enabled: false }]);
    const { code, said } = await outrank("schedule", "resume", "club");

    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining("outrank-club starts runs again") });
    const unchanged = { ...before, LastModificationDate: expect.anything() as unknown };
    expect(await stored()).toEqual(unchanged);
  });

  it("pauses the rule of uploads: what is dropped meanwhile starts nothing", async () => {
    stack = await startStack({ config: communitiesConfig({ group: {} }) });
    const data = { "club/interactions/a.csv": interactionsCsv({ users: 100 }) };

    await outrank("schedule", "pause", "club", "--uploads");
    await stack.drop(data);
    await stack.rest();
    expect({ started: await stack.executions("club"), uploads: (await shown()).uploads }).toMatchObject({
      ...{ started: [], uploads: [{ enabled: false }] },
    });

    await outrank("schedule", "resume", "club", "--uploads");
    await stack.drop(data);
    await stack.rest();
    expect(await stack.executions("club")).toHaveLength(1);
  });

  it("sets other times, which the next deployment takes back", async () => {
    stack = await startStack({ config: communitiesConfig({ group }) });

    const { said } = await outrank("schedule", "set", "club", "cron(0 4 1 6 ? 2198)", "--timezone", "Asia/Tokyo");
    expect(said).toContain("next Fri 2198-06-01 04:00 Asia/Tokyo");
    expect(said).toContain("The next deployment that touches it sets it back");
    const changed = { ScheduleExpression: "cron(0 4 1 6 ? 2198)", ScheduleExpressionTimezone: "Asia/Tokyo" };
    expect(await stored()).toMatchObject(changed);

    const other = { ...group, schedule: { ...group.schedule, expression: "cron(0 3 2 1 ? 2199)" } };
    await stack.redeploy({ config: communitiesConfig({ group: other }) });
    expect(await stored()).toMatchObject({
      ScheduleExpression: "cron(0 3 2 1 ? 2199)",
      ScheduleExpressionTimezone: "Europe/Berlin",
    });
  });
});

describe("outrank schedule, asked for what cannot be", () => {
  beforeAll(async () => {
    stack = await startStack({ config: communitiesConfig({ group }) });
  });
  afterAll(() => stack.close());

  it.each([
    { args: ["set", "club", "weekly"], code: 2, says: '"weekly" is neither cron(six fields)' },
    { args: ["set", "club", "cron(0 25 * * ? *)"], code: 2, says: "Invalid Schedule Expression" },
    { args: ["set", "club", never, "--timezone", "Mars"], code: 2, says: "not an IANA time zone" },
    { args: ["pause", "club", "--of", "lunch"], code: 2, says: '--of knows no "lunch". It knows: run, import, train' },
    { args: ["pause", "club", "--of", "batch"], code: 1, says: "no schedule of kind batch; there is: run, train" },
    { args: ["show", "clu"], code: 2, says: 'There is no dataset group "clu"' },
  ])("refuses $args", async ({ args, code, says }) => {
    expect(await outrank("schedule", ...args)).toEqual({ code, said: expect.stringContaining(says) });
  });
});
