import { describe, expect, it } from "@jest/globals";
import { makeHandler } from "../../lambdas/check-the-data/handler.ts";
import { acceptedKey, knownKey } from "../../pipeline/naming/bucket-layout.ts";
import { memoryBucket } from "../support/memory-bucket.ts";
import { aRun, configInput } from "../support/run-fixtures.ts";

const header = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE";
/** 1,200 rows: 30 users with 40 each. */
const rows = Array.from({ length: 1200 }, (_, i) => `u${i % 30},i${i % 50},${1_700_000_000 + i},view`);
const good = [header, ...rows].join("\n");

const now = "2026-11-24T03:05:00.000Z";

async function check(interactions: string, config?: Parameters<typeof aRun>[1], bucket = memoryBucket()) {
  const key = "shop/interactions/a.csv";
  bucket.upload(key, interactions, "2026-11-24T03:00:00.000Z");
  const file = { key, etag: "v1", versionId: null, sizeBytes: 1, lastModified: "2026-11-24T03:00:00.000Z" };
  const inputs = [{ type: "interactions", fingerprint: "f", files: [file] }];
  return makeHandler({ bucket })({ run: aRun({}, config), inputs, imports: [], now });
}

describe("checking the data", () => {
  it("accepts good data and counts what the gate wants to know", async () => {
    const bucket = memoryBucket();
    const checks = await check(good, undefined, bucket);

    expect(checks.summary).toBe("");
    expect(checks.isAccepted).toBe(true);
    expect(checks.samples).toEqual({ "for-you": { interactions: 1200, users: 30, usersWithTwo: 30 } });
    expect(checks.reports.map(({ type, rows: count }) => [type, count])).toEqual([["interactions", 1200]]);
    expect(bucket.json(knownKey("shop"))).toMatchObject({ users: ["u0", "u1", "u2", "u3", "u4"] });
    expect(JSON.stringify(checks)).not.toMatch(/u[0-4]"/); // nobody's id leaves the bucket
  });

  it("names the file, the column and the schema of a missing column", async () => {
    const without = good
      .split("\n")
      .map((line) => line.split(",").slice(0, 3).join(","))
      .join("\n");

    const { isAccepted, summary } = await check(without);

    expect(isAccepted).toBe(false);
    expect(summary).toMatch(
      /^shop\/interactions\/a\.csv: column EVENT_TYPE of schema outrank-shop-interactions-[0-9a-f]{8} is missing from the header$/,
    );
  });

  it.each([
    {
      why: "too few interactions",
      text: [header, ...rows.slice(0, 900)].join("\n"),
      says: "900 interactions after the event filter, at least 1000",
    },
    {
      why: "too few users with two",
      text: [header, ...rows.map((row, i) => row.replace(/^u\d+/, `u${i % 20}`))].join("\n"),
      says: "20 users with two or more interactions, at least 25",
    },
    {
      why: "under one percent with two",
      text: [
        header,
        ...Array.from({ length: 4000 }, (_, i) => `${i < 60 ? `u${i % 30}` : `x${i}`},i,1700000000,view`),
      ].join("\n"),
      says: "30 users with two or more interactions, at least 40",
    },
    {
      why: "milliseconds",
      text: good.replace("1700000000,", "1700000000000,"),
      says: 'line 2: column TIMESTAMP "1700000000000" is in milliseconds',
    },
    { why: "half a line at the end", text: good.slice(0, -20), says: "line 1201: has" },
    { why: "an empty file", text: "", says: "the file is empty" },
  ])("refuses $why before any money is spent", async ({ text, says }) => {
    const { isAccepted, summary } = await check(text);

    expect(isAccepted).toBe(false);
    expect(summary).toContain(says);
  });

  it("counts after a solution's own event filter", async () => {
    const config: Parameters<typeof aRun>[1] = {
      datasetGroups: [
        {
          name: "shop",
          datasets: { interactions: { schema: aRun().datasets[0]!.schema } },
          solutions: [{ name: "buyers", recipe: "aws-user-personalization-v2", eventType: "purchase" }],
        },
      ],
    };

    const { summary } = await check(
      good.replace(/view/g, (word, at) => (at % 2 ? word : "purchase")),
      config,
    );

    expect(summary).toMatch(/^solution buyers: \d+ interactions after the event filter, at least 1000 are needed/);
  });

  it.each([
    {
      why: "a file that was uploaded twice",
      text: [header, ...rows, ...rows].join("\n"),
      says: "interactions: 1200 of 2400 rows repeat another one; dataChecks.maxDuplicates allows 20 %",
    },
    {
      why: "an event of the day after tomorrow",
      text: [header, ...rows, `u1,i1,${Date.parse(now) / 1000 + 25 * 3600},view`].join("\n"),
      says: 'line 1202: column TIMESTAMP "1795579500" is in the future, after 2026-11-25T03:05:00.000Z',
    },
  ])("refuses $why", async ({ text, says }) => {
    expect((await check(text)).summary).toContain(says);
  });

  it("warns of a few events that were reported twice", async () => {
    const { isAccepted, reports } = await check([header, ...rows, ...rows.slice(0, 10)].join("\n"));

    expect(isAccepted).toBe(true);
    expect(reports[0]?.warnings).toEqual(["interactions: 10 of 1210 rows repeat another one"]);
  });

  it.each([
    { before: 2401, isAccepted: false, why: "1,200 rows are less than half of 2,401" },
    { before: 2400, isAccepted: true, why: "1,200 rows are half of 2,400" },
  ])("holds a FULL import against the last accepted run: $why", async ({ before, isAccepted }) => {
    const bucket = memoryBucket();
    await bucket.write(acceptedKey("shop"), { runId: "r1", at: now, rows: { interactions: before } });

    const checks = await check(good, undefined, bucket);

    expect(checks.isAccepted).toBe(isAccepted);
    expect(checks.summary.startsWith("interactions: 1200 rows, 50 % fewer than the 2401 of run r1")).toBe(!isAccepted);
  });

  it.each([
    { enabled: true, isAccepted: false, why: "Glue reads columns by their place" },
    { enabled: false, isAccepted: true, why: "Personalize reads them by their names" },
  ])("takes columns in another order only where Glue does not look: $why", async ({ enabled, isAccepted }) => {
    const config = configInput();
    Object.assign(config.datasetGroups[0]!, { dataQuality: { enabled } });
    const swapped = good.split("\n").map((line) => {
      const [user, item, ...rest] = line.split(",");
      return [item, user, ...rest].join(",");
    });

    const checks = await check(swapped.join("\n"), config);

    expect(checks.isAccepted).toBe(isAccepted);
    expect(checks.summary + checks.reports[0]?.warnings.join()).toContain(
      "columns are in another order than in schema",
    );
  });
});
