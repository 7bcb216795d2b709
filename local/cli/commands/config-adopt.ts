/** `outrank config adopt`: a configuration for a dataset group that is there already, made by reading it. */
import { labelled } from "../adopt/label-remarks.ts";
import { readGroup } from "../adopt/read-group.ts";
import type { Command } from "../command.ts";
import { fromSolution } from "../config/from-solution.ts";
import { outOptions, tellConversion } from "../config/tell-conversion.ts";
import { connectToAny, regionOption } from "../connection.ts";

const explained = [
  "Nothing was changed. Outrank names what it makes, so this configuration makes a NEW dataset group beside the old one,",
  "which goes on serving. To move: deploy; upload the history into the bucket; when the first model is promoted, let",
  "callers ask the new campaign and senders of events use the new tracker; then delete the old group. Until then both are billed.",
];

export const configAdopt: Command = {
  summary: "read a dataset group that is there already, and write a configuration for one like it",
  positionals: [{ name: "DATASET_GROUP", help: "its ARN or name. Only read: Outrank makes a new group beside it" }],
  options: { ...outOptions, ...regionOption },
  async run(args, io) {
    const connection = await connectToAny(args, io);
    try {
      const { parameters, labels } = await readGroup(connection.personalize, args.positionals[0] ?? "");
      const { config, remarks, faults } = fromSolution(parameters);
      tellConversion({ config, remarks: labelled(remarks, labels), faults }, args, io);
      explained.forEach((line) => io.err(line));
      return 0;
    } finally {
      connection.close();
    }
  },
};
