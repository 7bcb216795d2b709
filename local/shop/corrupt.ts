/**
 * Bad uploads on purpose, to show what the pipeline does with them. Each takes a good interactions file and spoils it in
 * one way; the other files stay as they are. Pure.
 */
import { createRandom } from "./random.ts";
import type { DatasetFile } from "./personalize-files.ts";

export const corruptions = {
  "missing-column": "interactions.csv without its TIMESTAMP column",
  "wrong-types": "timestamps as dates in words of ISO 8601 instead of epoch seconds",
  "half-file": "interactions.csv cut off in the middle of a row",
  "shuffled-users": "users and times dealt out anew over the rows, so that nothing can be learnt from a user's past",
} as const;

export type Corruption = keyof typeof corruptions;

export const isCorruption = (text: string): text is Corruption => Object.hasOwn(corruptions, text);

const linesOf = (csv: string) => csv.trimEnd().split("\n");
const toCsv = (lines: readonly string[]) => `${lines.join("\n")}\n`;

function columnOf(header: string, name: string): number {
  const index = header.split(",").indexOf(name);
  if (index < 0) throw new Error(`The file to corrupt has no column ${name}: it has ${header}`);
  return index;
}

/** Interaction files hold ids, numbers and words without commas, so that a comma always parts two cells. */
function mapCells(csv: string, change: (cells: string[], line: number) => string[]): string {
  return toCsv(linesOf(csv).map((line, i) => change(line.split(","), i).join(",")));
}

function dropColumn(csv: string, name: string): string {
  const column = columnOf(linesOf(csv)[0] ?? "", name);
  return mapCells(csv, (cells) => cells.toSpliced(column, 1));
}

function writeDates(csv: string): string {
  const column = columnOf(linesOf(csv)[0] ?? "", "TIMESTAMP");
  const toDate = (seconds: string) => new Date(Number(seconds) * 1000).toISOString();
  return mapCells(csv, (cells, line) => (line === 0 ? cells : cells.with(column, toDate(cells[column] ?? ""))));
}

/** About half, and never at the end of a row: the last line keeps its user id and a part of its item id. */
function cutInHalf(csv: string): string {
  const rowStart = csv.lastIndexOf("\n", csv.length >> 1) + 1;
  const comma = csv.indexOf(",", rowStart);
  return csv.slice(0, comma + 3);
}

/**
 * Deals the pairs of user and time out over the rows. Times go with users: were they left with the items, the seasons
 * would still show in every user's past.
 */
function shuffleUsers(csv: string, seed: number): string {
  const [header = "", ...rows] = linesOf(csv);
  const user = columnOf(header, "USER_ID");
  const time = columnOf(header, "TIMESTAMP");
  const cells = rows.map((row) => row.split(","));
  const order = cells.map((_, i) => i);
  const random = createRandom(seed, "shuffled-users");
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.int(i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  const dealt = cells.map((row, i) => {
    const other = cells[order[i] as number] as string[];
    return row.with(user, other[user] ?? "").with(time, other[time] ?? "");
  });
  return toCsv([header, ...dealt.map((row) => row.join(","))]);
}

/** @param seed for `shuffled-users`. */
export function corrupt(files: readonly DatasetFile[], kind: Corruption, seed = 1): DatasetFile[] {
  const spoil: Record<Corruption, (csv: string) => string> = {
    "missing-column": (csv) => dropColumn(csv, "TIMESTAMP"),
    "wrong-types": writeDates,
    "half-file": cutInHalf,
    "shuffled-users": (csv) => shuffleUsers(csv, seed),
  };
  return files.map((file) => (file.name === "interactions" ? { ...file, csv: spoil[kind](file.csv) } : file));
}
