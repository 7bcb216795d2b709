/** A run's report as one HTML page: the record, for people who were not there. Pure; everything in it is escaped. */
import { costLine } from "../cost/spent-work.ts";
import type { RunRecord } from "../records/run-record.ts";
import { headlineOf } from "../records/render.ts";
import { shown } from "../records/wording.ts";
import { contestSection } from "./contest-section.ts";
import { duration } from "./duration.ts";
import { executionLink, objectLink } from "./links.ts";
import { html, type Markup } from "./markup.ts";
import { badge, pageOf, tableOf } from "./page.ts";

const stageNames = {
  settle: "uploads settle",
  check: "data are checked, resources made ready",
  import: "data are imported",
  train: "versions are trained",
  decide: "contests are decided, campaigns changed",
} as const;

/** Nothing at all where there is nothing to list. */
const section = (title: string, content: Markup | null): Markup =>
  content === null
    ? html``
    : html`<h2>${title}</h2>
        ${content}`;

const listed = (lines: readonly string[]): Markup | null =>
  lines.length === 0
    ? null
    : html`<ul>
        ${lines.map((text) => html`<li>${text}</li>`)}
      </ul>`;

function dataTable({ inputs }: RunRecord): Markup | null {
  if (inputs.length === 0) return null;
  return tableOf(
    ["dataset", "file", "rows", "bytes", "import job"],
    inputs.map(({ dataset, key, rows, sizeBytes, importJobArn }) => [
      dataset,
      key,
      shown(rows),
      shown(sizeBytes),
      importJobArn?.split("/").at(-1) ?? "held already, or not imported",
    ]),
    [2, 3],
  );
}

function stagesTable({ stages, startedAt, finishedAt }: RunRecord): Markup {
  const rows = stages.map(({ name, ...stage }) => [
    stageNames[name],
    stage.startedAt,
    duration(stage.startedAt, stage.finishedAt),
  ]);
  return tableOf(
    ["stage", "from", "took"],
    [...rows, ["the whole run", startedAt, duration(startedAt, finishedAt)]],
    [2],
  );
}

function qualityTable({ quality }: RunRecord): Markup | null {
  if (quality.length === 0) return null;
  return tableOf(
    ["dataset", "rules", "score", "broken"],
    quality.map(({ type, rules, score, broken }) => [
      type,
      rules,
      shown(score),
      broken.map(({ rule, message }) => `${rule}: ${message}`).join("; ") || "none",
    ]),
    [1, 2],
  );
}

const triggerOf = ({ trigger }: RunRecord): string =>
  trigger === null ? "unknown" : [trigger.type, trigger.objectKey, trigger.actor].filter(Boolean).join(" ");

function footer(record: RunRecord, place: { readonly bucket: string; readonly recordKey: string }): Markup {
  return html`<p>Execution: ${executionLink(record.executionArn)}</p>
    <p>Record: ${objectLink(place.bucket, place.recordKey, record.executionArn)}</p>
    <p><a href="../report.html">All runs of ${record.group}</a></p>`;
}

export function runPage(record: RunRecord, place: { readonly bucket: string; readonly recordKey: string }): string {
  const { failure, contests, warnings, advice, cost } = record;
  return pageOf(
    `Outrank ${record.group} ${record.runId}`,
    html`<p>${badge(record.outcome)} <span class="soft">${record.runId}</span></p>
      <h1>${failure === null ? headlineOf(record) : `${record.group}: the run failed`}</h1>
      <p class="soft">${record.startedAt} to ${record.finishedAt}, started by ${triggerOf(record)}</p>`,
    failure === null ? html`` : html`<div class="card reason bad"><b>${failure.error}</b>: ${failure.reason}</div>`,
    html`${contests.map(contestSection)}`,
    section("Warnings", listed(warnings)),
    section("Data", dataTable(record)),
    section("Data quality", qualityTable(record)),
    section("Time", stagesTable(record)),
    section("Cost", cost === null ? null : html`<p>${costLine(cost)}</p>`),
    section("Advice", listed(advice)),
    section("Links", footer(record, place)),
  );
}
