/** The pages for people: all that matters is on them, and nothing that somebody named can become markup. */
import { describe, expect, it } from "@jest/globals";
import { groupPage } from "../../../pipeline/report/group-page.ts";
import { noHistory, withRun } from "../../../pipeline/report/history.ts";
import { html } from "../../../pipeline/report/markup.ts";
import { runPage } from "../../../pipeline/report/run-page.ts";
import type { RunRecord } from "../../../pipeline/records/run-record.ts";
import { shortly } from "../../../pipeline/records/wording.ts";
import { aContest, aDecision, aRecord } from "../../support/record-fixtures.ts";
import { aVersion } from "../../support/run-fixtures.ts";

const place = { bucket: "data", recordKey: "outrank/shop/runs/20261124T030000-1a2b3c4d.json" };
const hostile = `</title></svg>"'><script>alert(1)</script><img src=x onerror=alert(1)>&`;

/** Every text of the record that is somebody's own, hostile; what has a fixed set of values stays. */
function poisoned<T>(value: T, key = ""): T {
  const fixed =
    /^(schemaVersion|outcome|name|dataset|kind|type|role|code|reasonCodes|nextStep|startedAt|finishedAt|at|runId)$/;
  if (typeof value === "string") return (fixed.test(key) ? value : hostile) as T;
  if (Array.isArray(value)) return value.map((entry) => poisoned(entry as unknown, key)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name === "values" ? inner : poisoned(inner as unknown, name)]),
  ) as T;
}

const full = (): RunRecord =>
  aRecord({
    failure: { error: "ImportFailed", reason: "line 3" },
    warnings: ["3 duplicate rows"],
    advice: ["the campaign is idle"],
    quality: [
      {
        ...{ type: "items", ruleset: "outrank-shop-items", score: 0.5, rules: 2 },
        broken: [{ rule: "RowCount > 10", result: "FAIL", observed: {}, message: "there are 3" }],
      },
    ],
    contests: [aContest({ approval: { answer: "approved", actor: "ann" }, failure: { error: "X", reason: "y" } })],
  });

describe("markup", () => {
  it("escapes what is put into it, and only once", () => {
    const inner = html`<b title="${`"&'`}">${"<i>"}</b>`;

    expect(html`<p>${[inner, "&", 3, null]}</p>`.text).toBe(`<p><b title="&quot;&amp;&#39;">&lt;i&gt;</b>&amp;3</p>`);
  });
});

describe("a run's page", () => {
  it("lets no name, reason or key become markup", () => {
    const page = runPage(poisoned(full()), { bucket: hostile, recordKey: hostile });

    expect(page).toContain("&lt;script&gt;alert(1)");
    expect(page).not.toMatch(/<script|<img|onerror=(?!alert\(1\)&gt;)/);
    expect(page.match(/<\/title>/g)).toHaveLength(1);
  });

  it("needs nothing from elsewhere and runs nothing", () => {
    const page = runPage(full(), place);

    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|src=/);
    expect(page).toContain("default-src 'none'");
  });

  it("says outcome, reasons, every rule, files with rows, warnings, broken rules, time and where the record is", () => {
    const record = full();
    const page = runPage(record, place);
    const rules = record.contests[0]?.decision?.verdict.rules ?? [];

    expect(rules.length).toBeGreaterThan(10);
    for (const { name, reason } of rules) {
      expect(page).toContain(html`${shortly(name)}`.text);
      expect(page).toContain(html`${shortly(reason)}`.text);
    }
    for (const text of [
      ...["PROMOTE", "BEAT_BASELINE", "+50.0 %", "the live version&#39;s was +25.0 %", "approved, by ann"],
      ...["shop/interactions/2026.csv", "100000", "3 duplicate rows", "RowCount &gt; 10: there are 3"],
      ...["the campaign is idle", "2 h 0 min", `s3://data/${place.recordKey}`, record.executionArn, "ImportFailed"],
    ]) {
      expect(page).toContain(text);
    }
  });

  it("draws a bar for each number that is there, the longest for the greatest", () => {
    const page = runPage(aRecord(), place);
    const widths = [...page.matchAll(/<rect\s+class="(\w+)"[^>]*width="([\d.]+)"\s+height="12"/g)].map(
      ([, role, width]) => [role, Number(width)] as const,
    );

    // nDCG@25 first: 0.3, 0.2, 0.25 on a scale of 660.
    expect(widths.slice(0, 3)).toEqual([
      ["candidate", 660],
      ["baseline", 440],
      ["live", 550],
    ]);
    expect(widths).toHaveLength(9);
  });

  it("links to the consoles of an account, and to nothing in the embedded cloud", () => {
    const arn = "arn:aws:states:eu-central-1:123456789012:execution:outrank-shop:one";
    const elsewhere = runPage(aRecord({ executionArn: arn }), place);

    expect(elsewhere).toContain(
      `href="https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/${arn}"`,
    );
    expect(runPage(aRecord(), place)).not.toContain("https://");
  });
});

describe("a group's page", () => {
  const run = (id: string, day: number, ndcg: number, more: Partial<RunRecord> = {}): RunRecord =>
    aRecord({
      ...{ runId: id, finishedAt: `2026-11-0${day}T05:00:00.000Z` },
      contests: [aContest({ decision: aDecision({ candidate: aVersion("candidate", ndcg) }) })],
      ...more,
    });
  const kept = (record: RunRecord): RunRecord => ({
    ...record,
    outcome: "KEEP",
    contests: record.contests.map((contest) => ({ ...contest, outcome: "KEEP" })),
  });

  it("shows each metric over time, who went live, and all runs, newest first", () => {
    const records = [run("b", 2, 0.31), kept(run("a", 1, 0.29)), run("b", 2, 0.31)];
    const failed = aRecord({
      ...{ runId: "c", finishedAt: "2026-11-03T05:00:00.000Z", outcome: "FAILED", contests: [], reasonCodes: [] },
      failure: { error: "ImportFailed", reason: "no" },
    });
    const page = groupPage("shop", [...records, failed].reduce(withRun, noHistory));
    const links = [...page.matchAll(/href="runs\/(\w)\.html"/g)].map(([, id]) => id);
    const dots = [...page.matchAll(/class="candidate (hollow)?\s*"/g)].map(([, hollow]) => hollow ?? "full");

    expect(links).toEqual(["c", "b", "a"]);
    expect(dots).toEqual(["hollow", "full"]);
    expect(page).toContain("Last success: 2026-11-02 05:00. Last promotion: 2026-11-02 05:00. 1 of 3 runs failed.");
    expect(page).toContain("ImportFailed");
  });

  it("keeps the newest 520 runs", () => {
    const at = (index: number) => new Date(Date.UTC(2020, 0, 1 + index)).toISOString();
    const runs = Array.from({ length: 522 }, (_, index) => aRecord({ runId: `r${index}`, finishedAt: at(index) }));
    const history = runs.reduce(withRun, noHistory);

    expect(history.runs).toHaveLength(520);
    expect(history.runs[0]?.runId).toBe("r2");
  });

  it("lets no name become markup", () => {
    const page = groupPage(hostile, withRun(noHistory, poisoned(full())));

    expect(page).not.toMatch(/<script|<img/);
  });
});
