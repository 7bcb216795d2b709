/** One contest in a run's report: what came of it, every rule that was asked, and the numbers side by side. */
import type { RuleResult } from "../gate/evidence.ts";
import type { Decision } from "../records/decision.ts";
import type { ContestRecord } from "../records/run-record.ts";
import { effectOf } from "../records/serving.ts";
import { mark, named, percent, shortly, shown } from "../records/wording.ts";
import { type Band, barChart } from "./bar-chart.ts";
import { html, type Markup } from "./markup.ts";
import { badge, tableOf } from "./page.ts";

const markOf = (rule: RuleResult): Markup => {
  const word = mark(rule);
  return html`<span class="${word === "FAIL" ? "bad" : word === "pass" ? "good" : "soft"}">${word}</span>`;
};

const rulesTable = (rules: readonly RuleResult[]): Markup =>
  tableOf(
    ["", "rule", "observed", "required", "why"],
    rules.map((rule) => [
      markOf(rule),
      shortly(rule.name),
      shown(rule.observed),
      shortly(rule.required),
      shortly(rule.reason),
    ]),
  );

/** The primary metric first. What the live version's metrics are is known only of one that came through the gate. */
function bandsOf({ candidate, baseline, incumbent, policy }: Decision): Band[] {
  const live = incumbent?.known?.metrics ?? {};
  const { primaryMetric } = policy.values;
  const names = [...new Set([primaryMetric, ...Object.keys(candidate.metrics).sort()])];
  return names.map((metric) => ({
    metric,
    values: { candidate: candidate.metrics[metric], baseline: baseline.metrics[metric], live: live[metric] },
  }));
}

const numbersTable = (bands: readonly Band[]): Markup =>
  tableOf(
    ["metric", "candidate", "baseline", "live, on its own data"],
    bands.map(({ metric, values }) => [
      shortly(metric),
      shown(values.candidate),
      shown(values.baseline),
      shown(values.live),
    ]),
    [1, 2, 3],
  );

const line = (name: string, text: string | null): Markup | null =>
  text === null ? null : html`<p><span class="soft">${name}:</span> ${text}</p>`;

function facts(contest: ContestRecord, decision: Decision): Markup {
  const { approval, smokeTest, reasonCodes } = contest;
  const { verdict, policy, candidate, baseline, override } = decision;
  const lift = `${percent(verdict.lift)} over ${baseline.recipe} on ${shortly(policy.values.primaryMetric)}`;
  const before = verdict.incumbentLift === null ? "" : `; the live version's was ${percent(verdict.incumbentLift)}`;
  return html`${line("Reasons", reasonCodes.join(", ") || "none")} ${line("Lift", lift + before)}
  ${line("Candidate", `${candidate.recipe}, ${named(candidate.solutionVersionArn ?? candidate.status)}`)}
  ${line("Baseline", `${baseline.recipe}, ${named(baseline.solutionVersionArn ?? baseline.status)}`)}
  ${line("Campaign", named(decision.campaignArn))}
  ${line("Forced", override === null ? null : `by ${override.actor}: ${override.reason}`)}
  ${line("Approval", approval === null ? null : `${approval.answer}${approval.actor ? `, by ${approval.actor}` : ""}`)}
  ${line("Smoke test", smokeTest === null ? null : `${smokeTest.passed ? "passed" : "FAILED"}, ${smokeTest.reason}`)}`;
}

export function contestSection(contest: ContestRecord): Markup {
  const { solution, outcome, decision } = contest;
  const head = html`<h2>Solution ${solution} ${badge(outcome)}</h2>
    <p>${effectOf(contest)}</p>`;
  if (decision === null) return head;
  const bands = bandsOf(decision);
  return html`${head}
    <div class="card">${facts(contest, decision)}</div>
    <h2>Metrics</h2>
    ${barChart(bands)} ${numbersTable(bands)}
    <h2>Why</h2>
    ${rulesTable(decision.verdict.rules)}`;
}
