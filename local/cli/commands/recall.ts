/** `outrank rollback` and `outrank promote`: an earlier version serves again, through an execution that records who and why. */
import { userInfo } from "node:os";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { type Arguments, type Command, CommandFailure, type Io, UsageError } from "../command.ts";
import { chosenGroup, connect, endpointOption, groupOption } from "../connection.ts";
import { findRun } from "../find-run.ts";
import { recordOfExecution } from "../start/follow-run.ts";

const options = {
  ...groupOption,
  solution: { type: "string", value: "NAME", help: "which solution's campaign; default: the group's only one" },
  reason: { type: "string", value: "TEXT", help: "why; it is kept in the record (needed)" },
  actor: { type: "string", value: "NAME", help: "who; default: the user of this machine" },
  "dry-run": { type: "boolean", help: "say what would be done, and change nothing" },
  ...endpointOption,
} as const;

interface Wish {
  readonly reason: string;
  readonly actor: string;
  readonly solution?: string;
  readonly runId?: string;
}

function wishOf(args: Arguments): Wish {
  const reason = args.text("reason") ?? "";
  if (reason.length < 3) {
    throw new UsageError('--reason says why, e.g. --reason "orders fell by half"; it is kept in the record');
  }
  const solution = args.text("solution");
  return { reason, actor: args.text("actor") ?? userInfo().username, ...(solution === undefined ? {} : { solution }) };
}

async function ask(kind: "rollback" | "promote", asked: Wish, args: Arguments, io: Io): Promise<number> {
  const connection = await connect(args, io);
  try {
    const { name: group, stateMachineArn } = chosenGroup(connection, args);
    const runId = asked.runId === undefined ? undefined : (await findRun(connection, asked.runId)).runId;
    const wish = { ...asked, ...(runId === undefined ? {} : { runId }) };
    const input = JSON.stringify({ [kind]: wish, ...(args.flag("dry-run") ? { dryRun: true } : {}) });
    const { executionArn = "" } = await connection.sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
    io.err(`started ${executionArn}; waiting for the campaign (Ctrl-C leaves it to itself)`);
    const record = await recordOfExecution({ ...connection, group, stateMachineArn }, executionArn, io.stop);
    if (record.failure) throw new CommandFailure(`${record.failure.error}: ${record.failure.reason}`);
    for (const { solution, outcome, decision } of record.contests) {
      const arn = decision?.verdict.promotes?.solutionVersionArn ?? "";
      io.out(outcome === "PROMOTE" ? `${solution} now serves ${arn}` : `${solution} would be given ${arn}`);
    }
    io.out(`Recorded as run ${record.runId}: npx outrank explain ${record.runId}`);
    return 0;
  } finally {
    connection.close();
  }
}

export const rollback: Command = {
  summary: "give a campaign its former version again",
  options,
  run: (args, io) => ask("rollback", wishOf(args), args, io),
};

export const promote: Command = {
  summary: "give a campaign the candidate of an earlier run, whatever the gate said",
  positionals: [{ name: "RUN", help: "id of the run that trained it, as `outrank runs` lists it" }],
  options: {
    ...options,
    force: { type: "boolean", help: "needed, because it goes around the gate" },
  },
  run(args, io) {
    const [runId] = args.positionals;
    if (runId === undefined) throw new UsageError("Which run's candidate? outrank promote RUN --force --reason ...");
    if (!args.flag("force")) {
      throw new UsageError(
        `Promoting the candidate of ${runId} goes around the gate: say --force, and why with --reason`,
      );
    }
    return ask("promote", { ...wishOf(args), runId }, args, io);
  },
};
