import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dispatch } from "../../../../local/cli/main.ts";
import { communitiesConfig, interactionsCsv } from "../../../support/communities.ts";
import { type Stack, startStack } from "../../../support/stack.ts";

let stack: Stack;
let cwd: string;

async function outrank(...args: string[]) {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const env = { AWS_ENDPOINT_URL: stack.cloud.url };
  const io = { out: say, err: say, tty: false, columns: 100, env, cwd, stop: new AbortController().signal };
  return { code: await dispatch(args, io), said: lines.join("\n") };
}

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "outrank-report-"));
  const rollback = { smokeTest: { enabled: false } };
  stack = await startStack({ config: communitiesConfig({ solution: { recipe: "aws-popularity-count", rollback } }) });
});
afterAll(async () => {
  await stack.close();
  rmSync(cwd, { recursive: true, force: true });
});

describe("outrank report", () => {
  it("says that there is none before the first run", async () => {
    const { code, said } = await outrank("report", "club");

    expect([code, said]).toEqual([1, expect.stringMatching(/^There is no s3:\/\/.*report\.html: no run has finished/)]);
  });

  it("fetches the group's page, a run's page, and writes where it is told", async () => {
    await stack.drop({ "club/interactions/a.csv": interactionsCsv({ users: 100 }) });
    await stack.rest();
    const [record] = await stack.records("club");
    const name = `outrank-club-${record?.runId}.html`;

    const answers = [
      await outrank("report", "club"),
      await outrank("report", "club", "--run", "last"),
      await outrank("report", "club", "--run", record?.runId.slice(-5) ?? "", "--out", "mine.html"),
      await outrank("report", "club", "--out", "-"),
    ];

    expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(readdirSync(cwd).sort()).toEqual(["mine.html", name, "outrank-club.html"].sort());
    expect(readFileSync(join(cwd, "mine.html"), "utf8")).toBe(readFileSync(join(cwd, name), "utf8"));
    expect(readFileSync(join(cwd, name), "utf8")).toContain(record?.runId);
    expect(answers[3]?.said).toContain("<!doctype html>");
  });

  it.each([
    { args: ["shop"], says: 'There is no group "shop". There are: club' },
    { args: ["club", "--run", "nope"], says: 'There is no finished run "nope"' },
  ])("refuses what is not there: $says", async ({ args, says }) => {
    const { code, said } = await outrank("report", ...args);

    expect([code, said]).toEqual([2, expect.stringContaining(says)]);
  });
});
