/** `outrank explain RUN`: one run's record, as a person reads it. */
import { renderRecord } from "../../../pipeline/records/render.ts";
import { type Command, UsageError } from "../command.ts";
import { connect, endpointOption, type Connection } from "../connection.ts";
import { listRunIds, readRecord } from "../records.ts";

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

/** The one run whose id is, or ends with, `wanted`. */
async function findRun({ s3, deployed }: Connection, wanted: string): Promise<{ group: string; runId: string }> {
  const perGroup = await Promise.all(
    deployed.groups.map(async ({ name }) =>
      (await listRunIds(s3, deployed.bucket, name)).map((runId) => ({ group: name, runId })),
    ),
  );
  const all = perGroup.flat().sort((a, b) => (a.runId < b.runId ? 1 : -1));
  const found = wanted === "last" ? all.slice(0, 1) : all.filter(({ runId }) => runId.endsWith(wanted));
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  const known = all.slice(0, 5).map(({ runId }) => runId);
  const hint = known.length === 0 ? "No run has finished yet." : `The newest are: ${known.join(", ")}`;
  throw new UsageError(
    `${only ? `Several runs end with "${wanted}".` : `There is no finished run "${wanted}".`} ${hint}`,
  );
}
