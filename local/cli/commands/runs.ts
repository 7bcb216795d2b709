/** `outrank runs`: running executions and finished runs, newest first. */
import { type ExecutionListItem, paginateListExecutions } from "@aws-sdk/client-sfn";
import type { RunRecord } from "../../../pipeline/records/run-record.ts";
import { percent } from "../../../pipeline/records/wording.ts";
import type { Command } from "../command.ts";
import { connect, type Connection, endpointOption } from "../connection.ts";
import type { DeployedGroup } from "../deployment.ts";
import { listRunIds, readRecord } from "../records.ts";
import { clip, table } from "../view/table.ts";

export interface RunLine {
  readonly group: string;
  /** The run's id; for a running one the execution's name. */
  readonly run: string;
  readonly startedAt: string;
  readonly trigger: string;
  /** RUNNING, or the record's outcome. */
  readonly outcome: string;
  readonly reasonCodes: readonly string[];
  readonly lift: number | null;
  /** Why a failed run failed. */
  readonly failure: string | null;
  readonly executionArn: string;
}

export const runs: Command = {
  summary: "list runs, newest first",
  options: {
    json: { type: "boolean", help: "one JSON array instead of a table" },
    last: { type: "string", value: "N", default: "20", help: "how many of each group" },
    ...endpointOption,
  },
  async run(args, io) {
    const limit = args.number("last", { min: 1 }) ?? 20;
    const connection = await connect(args, io);
    try {
      const perGroup = await Promise.all(connection.deployed.groups.map((group) => runsOf(connection, group, limit)));
      const lines = perGroup.flat().sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
      if (args.flag("json")) io.out(JSON.stringify(lines));
      else if (lines.length === 0) io.out("No run yet. Drop data: npx outrank drop DIR");
      else tableOf(lines).forEach((line) => io.out(line));
      return 0;
    } finally {
      connection.close();
    }
  },
};

async function runsOf(connection: Connection, group: DeployedGroup, limit: number): Promise<RunLine[]> {
  const { s3, deployed } = connection;
  const ids = (await listRunIds(s3, deployed.bucket, group.name)).slice(0, limit);
  const records = await Promise.all(ids.map((id) => readRecord(s3, deployed.bucket, group.name, id)));
  const running = await runningExecutions(connection, group.stateMachineArn);
  return [...running.map((execution) => runningLine(group.name, execution)), ...records.map(finishedLine)];
}

async function runningExecutions({ sfn }: Connection, stateMachineArn: string): Promise<ExecutionListItem[]> {
  const found: ExecutionListItem[] = [];
  const pages = paginateListExecutions({ client: sfn }, { stateMachineArn, statusFilter: "RUNNING" });
  for await (const page of pages) found.push(...(page.executions ?? []));
  return found;
}

function runningLine(group: string, { name = "", startDate, executionArn = "" }: ExecutionListItem): RunLine {
  const startedAt = startDate?.toISOString() ?? "";
  const nothingYet = { trigger: "", reasonCodes: [], lift: null, failure: null };
  return { group, run: name, startedAt, outcome: "RUNNING", ...nothingYet, executionArn };
}

function finishedLine(record: RunRecord): RunLine {
  const { group, runId, startedAt, trigger, outcome, reasonCodes, executionArn, contests } = record;
  const lift = contests[0]?.decision?.verdict.lift ?? null;
  return {
    ...{ group, run: runId, startedAt, trigger: trigger?.type ?? "", outcome, reasonCodes, lift },
    ...{ failure: record.failure?.reason ?? null, executionArn },
  };
}

/** A running execution's name is longer, and of no use to `explain`. */
const runIdLength = "20261124T044238-dccf88f3".length;

/** A cell is one line: of a reason with several, the first. */
function firstLine(reason: string): string {
  const [first = "", ...more] = reason.split("\n");
  return more.length === 0 ? first : `${first} (and more: npx outrank explain RUN)`;
}

/** The list as people read it, one line per run. */
export function tableOf(lines: readonly RunLine[]): string[] {
  const rows = lines.map(({ group, run, startedAt, trigger, outcome, lift, reasonCodes, failure }) => [
    group,
    clip(run, runIdLength),
    startedAt.slice(0, 19).replace("T", " "),
    trigger,
    outcome,
    lift === null ? "" : percent(lift),
    failure === null ? reasonCodes.join(" ") : firstLine(failure),
  ]);
  return table([["group", "run", "started (UTC)", "trigger", "outcome", "lift", "why"], ...rows], { right: [5] });
}
