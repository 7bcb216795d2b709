/** `outrank run`: a manual execution, with or without options. */
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { type Command, UsageError } from "../command.ts";
import { chosenGroup, connect, endpointOption, groupOption } from "../connection.ts";

export const run: Command = {
  summary: "start a run by hand",
  options: {
    ...groupOption,
    input: {
      type: "string",
      value: "JSON",
      default: "{}",
      help: 'the execution\'s input, e.g. \'{"dryRun": true}\' or \'{"force": {"reason": "...", "actor": "..."}}\'',
    },
    ...endpointOption,
  },
  async run(args, io) {
    const input = args.text("input") ?? "{}";
    try {
      JSON.parse(input);
    } catch (error) {
      throw new UsageError(`--input wants JSON, such as '{"dryRun": true}', got ${input}`, { cause: error });
    }
    const connection = await connect(args, io);
    try {
      const { stateMachineArn } = chosenGroup(connection, args);
      const { executionArn } = await connection.sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
      io.out(`started ${executionArn}`);
      io.out("Watch: npx outrank runs");
      return 0;
    } finally {
      connection.close();
    }
  },
};
