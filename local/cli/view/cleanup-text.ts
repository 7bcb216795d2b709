/** What a cleanup would do, does and has done, in words. Pure. */
import { inWords } from "../../../pipeline/cleanup/found.ts";
import type { CleanupOutput, CleanupRecord } from "../../../pipeline/cleanup/report.ts";
import { table } from "./table.ts";

/** What would go and what would stay, as people read it. */
export function planLines({
  group: name,
  wouldDelete,
  foreign,
  kept,
  options: { prune: pruning },
}: CleanupOutput): string[] {
  const strangers = new Set(foreign.map(inWords));
  const rows = wouldDelete.map((one) => [
    ...[one.kind, one.name],
    ...(strangers.size === 0 ? [] : [strangers.has(inWords(one)) ? "somebody else" : "Outrank"]),
  ]);
  const titles = ["kind", "name", ...(strangers.size === 0 ? [] : ["made by"])];
  const head = pruning ? `old solutions of ${name}` : `the dataset group of ${name}`;
  return [
    ...(rows.length === 0 ? [`There is nothing to delete: ${head}`] : [`Would be deleted, ${head}:`, ""]),
    ...(rows.length === 0 ? [] : table([titles, ...rows], { indent: "  " })),
    ...keptLines(kept),
    ...(pruning ? [] : ["", "Uploads, run records and the bucket stay."]),
  ];
}

/** How it ended. */
export function endLines({ outcome, group: name, deleted, kept, forgotten }: CleanupOutput): string[] {
  const what = outcome === "PRUNED" ? `Pruned ${name}` : `Took ${name} down`;
  const count = deleted.length === 1 ? "1 resource" : `${deleted.length} resources`;
  return [`${what}: ${count} deleted, ${forgotten.length} notes of them removed from the bucket.`, ...keptLines(kept)];
}

const keptLines = (kept: CleanupOutput["kept"]): string[] =>
  kept.length === 0 ? [] : ["", "Stays:", ...kept.map((one) => `  ${inWords(one)}: ${one.reason}`)];

/** What goes, and what is waited for beside that. */
export function stepLines({ deleted, waitingFor }: Pick<CleanupRecord, "deleted" | "waitingFor">): string[] {
  const going = deleted.map(inWords);
  const others = waitingFor.filter((what) => !going.some((one) => what.startsWith(`${one} is `)));
  return [...going.map((one) => `deleting ${one}`), ...others.map((what) => `waiting: ${what}`)];
}
