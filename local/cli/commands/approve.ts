/** `outrank approve`: answers the question of the group's run in progress, as the link in the notice does. */
import { userInfo } from "node:os";
import {
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  SendTaskSuccessCommand,
  type SFNClient,
} from "@aws-sdk/client-sfn";
import { type Command, CommandFailure } from "../command.ts";
import { chosenGroup, connect, endpointOption, groupOption } from "../connection.ts";

export const approve: Command = {
  summary: "answer a run that asks whether its candidate may go live",
  options: {
    ...groupOption,
    reject: { type: "boolean", help: "say no: the live version stays" },
    token: {
      type: "string",
      value: "TOKEN",
      help: "the task token of the notice; default: found in the run in progress",
    },
    actor: { type: "string", value: "NAME", help: "who; default: the user of this machine" },
    ...endpointOption,
  },
  async run(args, io) {
    const connection = await connect(args, io);
    try {
      const { name, stateMachineArn } = chosenGroup(connection, args);
      const taskToken = args.text("token") ?? (await openQuestion(connection.sfn, stateMachineArn));
      if (taskToken === undefined) {
        throw new CommandFailure(`No run of ${name} asks for approval now. npx outrank runs lists what there is.`);
      }
      const answer = args.flag("reject") ? "rejected" : "approved";
      const output = JSON.stringify({ answer, actor: args.text("actor") ?? userInfo().username });
      await connection.sfn.send(new SendTaskSuccessCommand({ taskToken, output }));
      io.out(
        answer === "approved"
          ? "Approved: the campaign is being given the new version."
          : "Rejected: the live version stays.",
      );
      return 0;
    } finally {
      connection.close();
    }
  },
};

/** The token that was published and is not answered: the last such task of the history that has no end yet. */
async function openQuestion(sfn: SFNClient, stateMachineArn: string): Promise<string | undefined> {
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" }));
  for (const { executionArn } of executions) {
    const open = new Map<number, string>();
    for await (const { events = [] } of paginateGetExecutionHistory({ client: sfn }, { executionArn })) {
      for (const { id = 0, previousEventId = 0, type = "", taskScheduledEventDetails: scheduled } of events) {
        const token = tokenIn(scheduled?.parameters);
        if (token !== undefined) open.set(id, token);
        else if (/^Task(Started|Submitted)$/.test(type) && open.has(previousEventId)) {
          open.set(id, open.get(previousEventId) ?? "");
          open.delete(previousEventId);
        } else open.delete(previousEventId);
      }
    }
    const [question] = open.values();
    if (question !== undefined) return question;
  }
  return undefined;
}

/** The token stands in the link of the message. */
function tokenIn(parameters: string | undefined): string | undefined {
  const found = /\/approvals\?token=([^&"\\\s]+)/.exec(parameters ?? "")?.[1];
  return found === undefined ? undefined : decodeURIComponent(found);
}
