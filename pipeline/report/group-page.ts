/** A dataset group's page: each solution's metric over time, and all runs, newest first, with links to their reports. */
import { percent, shortly, shown } from "../records/wording.ts";
import { duration } from "./duration.ts";
import type { History, Line } from "./history.ts";
import { lineChart, type Point } from "./line-chart.ts";
import { html, type Markup } from "./markup.ts";
import { badge, pageOf, tableOf } from "./page.ts";

function pointsOf(runs: readonly Line[], solution: string, primaryMetric: string): Point[] {
  return runs.flatMap(({ runId, finishedAt, contests }) =>
    contests
      .filter((contest) => contest.solution === solution && contest.primaryMetric === primaryMetric)
      .filter(({ candidate, baseline, live }) => candidate !== null || baseline !== null || live !== null)
      .map(({ outcome, candidate, baseline, live }) => ({
        ...{ at: Date.parse(finishedAt), promoted: outcome === "PROMOTE", title: `${runId} ${outcome}` },
        values: { candidate, baseline, live },
      })),
  );
}

/** A metric that was primary once is another graph: its numbers cannot be compared. */
function graphs({ runs }: History): Markup[] {
  const pairs = runs.flatMap(({ contests }) =>
    contests.flatMap(({ solution, primaryMetric }) => (primaryMetric === null ? [] : [[solution, primaryMetric]])),
  );
  const distinct = [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair] as const)).values()];
  return distinct.flatMap(([solution = "", primaryMetric = ""]) => {
    const points = pointsOf(runs, solution, primaryMetric);
    if (points.length === 0) return [];
    return [
      html`<h2>${solution}: ${shortly(primaryMetric)}</h2>
        <p class="soft">A full dot is a candidate that went live, a hollow one that did not.</p>
        ${lineChart(points)}`,
    ];
  });
}

const contestCells = ({ contests }: Line): Markup =>
  html`${contests.map(
    ({ solution, outcome, candidate, baseline, lift }) =>
      html`<div>
        ${solution}: ${outcome}, ${percent(lift)}
        <span class="soft">(${shown(candidate)} against ${shown(baseline)})</span>
      </div>`,
  )}`;

const runsTable = ({ runs }: History): Markup =>
  tableOf(
    ["run", "ended", "outcome", "contests", "why", "took"],
    [...runs]
      .reverse()
      .map((line) => [
        html`<a href="runs/${encodeURIComponent(line.runId)}.html">${line.runId}</a>`,
        line.finishedAt.slice(0, 16).replace("T", " "),
        html`${badge(line.outcome)}${line.dryRun ? " dry run" : ""}`,
        contestCells(line),
        line.why,
        duration(line.startedAt, line.finishedAt),
      ]),
    [5],
  );

function freshness({ runs }: History): string {
  const lastOf = (isWanted: (line: Line) => boolean): string => {
    const found = runs.filter(isWanted).at(-1);
    return found === undefined ? "never" : found.finishedAt.slice(0, 16).replace("T", " ");
  };
  const failures = runs.filter(({ outcome }) => outcome === "FAILED").length;
  return (
    `Last success: ${lastOf(({ outcome }) => outcome !== "FAILED")}. Last promotion: ` +
    `${lastOf(({ contests }) => contests.some(({ outcome }) => outcome === "PROMOTE"))}. ` +
    `${failures} of ${runs.length} runs failed.`
  );
}

export const groupPage = (group: string, history: History): string =>
  pageOf(
    `Outrank ${group}`,
    html`<h1>${group}</h1>
      <p class="soft">${freshness(history)} Times are UTC.</p>`,
    html`${graphs(history)}`,
    html`<h2>Runs</h2>
      ${runsTable(history)}`,
  );
