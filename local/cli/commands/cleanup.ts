/**
 * `outrank cleanup` and `outrank prune`: show what would go, ask, and follow the group's cleanup machine to its end. What
 * may go is decided there; this only asks and tells.
 */
import { userInfo } from "node:os";
import type { CleanupInput } from "../../../pipeline/cleanup/cleanup.ts";
import type { CleanupOutput, CleanupRecord } from "../../../pipeline/cleanup/report.ts";
import { type Following, runCleanup } from "../cleanup/follow-cleanup.ts";
import { type Arguments, type Command, CommandFailure, type Io, UsageError } from "../command.ts";
import { connect, endpointOption, groupNamed } from "../connection.ts";
import { endLines, planLines, stepLines } from "../view/cleanup-text.ts";

const group = { name: "GROUP", help: "the dataset group's name, as outrank.json has it" };

const options = {
  "dry-run": { type: "boolean", help: "show what would be deleted, and delete nothing" },
  yes: { type: "boolean", help: "do not ask for the group's name" },
  wait: { type: "boolean", help: "wait for a run in progress instead of failing" },
  json: { type: "boolean", help: "one JSON object instead of text; needs --yes or --dry-run" },
  ...endpointOption,
} as const;

export const cleanup: Command = {
  summary: "delete everything that was made in Personalize for a dataset group; uploads and records stay",
  positionals: [group],
  options: {
    ...options,
    "include-foreign": { type: "boolean", help: "also what others made in this dataset group, where that is allowed" },
  },
  run: (args, io) => takeDown({ includeForeign: args.flag("include-foreign") }, args, io),
};

export const prune: Command = {
  summary: "delete old solutions of a dataset group that nothing uses any more",
  positionals: [group],
  options,
  run: (args, io) => takeDown({ prune: true }, args, io),
};

async function takeDown(wish: CleanupInput, args: Arguments, io: Io): Promise<number> {
  const isDry = args.flag("dry-run");
  if (!isDry && !args.flag("yes") && (io.ask === undefined || args.flag("json"))) {
    throw new UsageError("Nobody can be asked here: add --yes to delete, or --dry-run to see what would be deleted");
  }
  const connection = await connect(args, io);
  try {
    const following: Following = {
      ...connection,
      group: groupNamed(connection, args.positionals[0] ?? ""),
      signal: io.stop,
      onStep: tellSteps(io),
    };
    const plan = await runCleanup(following, { ...wish, actor: userInfo().username, dryRun: true });
    if (isDry) return tell(plan, args, io);
    if (!args.flag("json")) planLines(plan).forEach((line) => io.out(line));
    if (plan.wouldDelete.length === 0) return args.flag("json") ? tell(plan, args, io) : 0;
    await confirm(plan, args, io);
    const done = await runCleanup(following, {
      ...wish,
      ...{ actor: userInfo().username, wait: args.flag("wait") },
    });
    return tell(done, args, io);
  } finally {
    connection.close();
  }
}

function tell(output: CleanupOutput, args: Arguments, io: Io): 0 {
  if (args.flag("json")) io.out(JSON.stringify(output));
  else (output.outcome === "DRY_RUN" ? planLines(output) : endLines(output)).forEach((line) => io.out(line));
  return 0;
}

async function confirm(plan: CleanupOutput, args: Arguments, io: Io): Promise<void> {
  if (plan.foreign.length > 0) {
    throw new CommandFailure(
      "Nothing was deleted, because of what others made. Delete that yourself, or set cleanup.mayDeleteForeign in " +
        "outrank.json, deploy, and add --include-foreign",
    );
  }
  if (args.flag("yes")) return;
  const answer = await io.ask?.(`Type the group's name (${plan.group}) to delete all of this: `);
  if (answer?.trim() !== plan.group) throw new CommandFailure("Nothing was deleted: that is not the group's name");
}

/** Each line once, on the side. */
function tellSteps(io: Io): (record: CleanupRecord) => void {
  const told = new Set<string>();
  return (record) => {
    for (const line of stepLines(record).filter((one) => !told.has(one))) {
      told.add(line);
      io.err(line);
    }
  };
}
