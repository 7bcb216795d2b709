/** From what a person types to one finished run: its id, its last letters, or `last`. */
import { UsageError } from "./command.ts";
import type { Connection } from "./connection.ts";
import { listRunIds } from "./records.ts";

/** The one run whose id is, or ends with, `wanted`. */
export async function findRun(
  { s3, deployed }: Pick<Connection, "s3" | "deployed">,
  wanted: string,
): Promise<{ readonly group: string; readonly runId: string }> {
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
