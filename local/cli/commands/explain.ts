/** `outrank explain RUN`: one run's record, as a person reads it. */
import { renderRecord } from "../../../pipeline/records/render.ts";
import type { Command } from "../command.ts";
import { connect, endpointOption } from "../connection.ts";
import { findRun } from "../find-run.ts";
import { readRecord } from "../records.ts";

export const explain: Command = {
  summary: "tell why a run promoted its candidate or kept the live version",
  positionals: [{ name: "RUN", help: "a run id from `outrank runs`, its last letters, or `last`" }],
  options: { ...endpointOption },
  async run(args, io) {
    const connection = await connect(args, io);
    try {
      const { group, runId } = await findRun(connection, args.positionals[0] ?? "");
      const record = await readRecord(connection.s3, connection.deployed.bucket, group, runId);
      io.out(renderRecord(record));
      return 0;
    } finally {
      connection.close();
    }
  },
};
