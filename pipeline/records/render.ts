/** A record as a person reads it: in the notice's mail and in `outrank explain`. Plain text, no colours, no user data. */
import { costLine } from "../cost/spent-work.ts";
import type { DecisionPolicy } from "../config/decision-policy.ts";
import type { RuleResult } from "../gate/evidence.ts";
import type { Decision } from "./decision.ts";
import type { ContestRecord, RunRecord } from "./run-record.ts";
import { effectOf } from "./serving.ts";
import { mark, named, percent, shortly, shown } from "./wording.ts";

const pad = (cells: readonly string[], widths: readonly number[]): string =>
  cells
    .map((cell, at) => cell.padEnd(widths[at] ?? 0))
    .join("  ")
    .trimEnd();

function table(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) => `  ${pad(row, widths)}`);
}

const ruleLines = (rules: readonly RuleResult[]): string[] =>
  table([
    ["", "rule", "observed", "required"],
    ...rules.map((rule) => [mark(rule), shortly(rule.name), shown(rule.observed), shortly(rule.required)]),
  ]).flatMap((line, at) => [line, ...reasonLine(rules[at - 1])]);

/** Why a rule did not pass, below it; that one did needs no words. */
const reasonLine = (rule: RuleResult | undefined): string[] =>
  rule === undefined || (rule.passed && !rule.skipped) ? [] : [`        ${shortly(rule.reason)}`];

function metricLines({ candidate, baseline, incumbent }: Decision, { primaryMetric }: DecisionPolicy): string[] {
  const live = incumbent?.known?.metrics;
  const names = [...new Set([primaryMetric, ...Object.keys(candidate.metrics).sort()])];
  const header = ["metric", "candidate", "baseline", ...(live ? ["live (on its own data)"] : [])];
  const row = (name: string): string[] => [
    shortly(name),
    shown(candidate.metrics[name]),
    shown(baseline.metrics[name]),
    ...(live ? [shown(live[name])] : []),
  ];
  return table([header, ...names.map(row)]);
}

export function renderContest(contest: ContestRecord): string[] {
  const { solution, outcome, reasonCodes, decision, smokeTest, approval } = contest;
  const head = `Solution ${solution}: ${outcome}${reasonCodes.length > 0 ? ` (${reasonCodes.join(", ")})` : ""}`;
  if (decision === null) return [head, effectOf(contest)];
  const { verdict, policy, candidate, baseline, override } = decision;
  return [
    head,
    effectOf(contest),
    `Lift over ${baseline.recipe} on ${shortly(policy.values.primaryMetric)}: ${percent(verdict.lift)}` +
      (verdict.incumbentLift === null ? "" : `; the live version's was ${percent(verdict.incumbentLift)}`),
    ...(override === null ? [] : [`Asked to be forced by ${override.actor}: ${override.reason}`]),
    ...(approval === null
      ? []
      : [`Asked for approval: ${approval.answer}${approval.actor ? `, by ${approval.actor}` : ""}`]),
    ...(smokeTest === null ? [] : [`Smoke test: ${smokeTest.passed ? "passed" : "FAILED"}, ${smokeTest.reason}`]),
    `Candidate: ${candidate.recipe}, ${named(candidate.solutionVersionArn ?? candidate.status)}`,
    `Baseline: ${baseline.recipe}, ${named(baseline.solutionVersionArn ?? baseline.status)}`,
    "",
    ...metricLines(decision, policy.values),
    "",
    ...ruleLines(verdict.rules),
  ];
}

/** The run in half a sentence. */
export function headlineOf({ outcome, group, failure, options, contests }: RunRecord): string {
  const dry = options?.dryRun ? " (dry run)" : "";
  if (outcome === "FAILED") return `${group}: the run failed: ${failure?.reason ?? "no reason given"}`;
  if (outcome === "PROMOTE") return `${group}: a new model is live${dry}`;
  if (outcome === "IMPORTED") return `${group}: new data are imported; training has its own schedule`;
  if (outcome === "BATCHED") return `${group}: the batch jobs ran`;
  if (outcome === "UNCHANGED") return `${group}: nothing new, nothing trained`;
  if (!contests.some(({ decision }) => decision?.incumbent)) return `${group}: no model goes live${dry}`;
  return `${group}: the live model stays${dry}`;
}

/** SNS takes at most 100 characters of printable ASCII. */
export const renderSubject = (record: RunRecord): string =>
  `Outrank ${headlineOf(record)}`.replace(/[^\x20-\x7e]/g, " ").slice(0, 100);

export function renderRecord(record: RunRecord): string {
  const { trigger, inputs, warnings, contests, failure } = record;
  const why = trigger === null ? "unknown" : [trigger.type, trigger.objectKey, trigger.actor].filter(Boolean).join(" ");
  return [
    headlineOf(record),
    `Run ${record.runId}, ${record.startedAt} to ${record.finishedAt}, started by ${why}`,
    ...(failure === null ? [] : ["", `Error ${failure.error}: ${failure.reason}`]),
    ...(inputs.length === 0 ? [] : ["", "Data:"]),
    ...table(
      inputs.map((file) => [
        file.key,
        `${shown(file.rows)} rows`,
        file.importJobArn?.split("/").at(-1) ?? (record.contests.length > 0 ? "held already" : "not imported"),
      ]),
    ),
    ...contests.flatMap((contest) => ["", ...renderContest(contest)]),
    ...(warnings.length === 0 ? [] : ["", "Warnings:", ...warnings.map((warning) => `  ${warning}`)]),
    ...(record.cost === null ? [] : ["", costLine(record.cost)]),
    ...(record.advice.length === 0 ? [] : ["", "Advice:", ...record.advice.map((line) => `  ${line}`)]),
    "",
  ].join("\n");
}
