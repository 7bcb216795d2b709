/** Recommendations with titles for a few users, the live campaign's beside what the baseline would have shown them. */
import { GetRecommendationsCommand } from "@aws-sdk/client-personalize-runtime";
import type { Connection } from "../connection.ts";
import { csvRecords } from "../data/csv-lines.ts";
import type { DatasetFile } from "../data/dataset-files.ts";
import { titlesInBucket } from "../data/titles.ts";
import { clip, table } from "../view/table.ts";

export interface ShowcaseRequest {
  readonly group: string;
  readonly campaignArn: string;
  readonly baselineVersionArn: string | null;
  readonly users: readonly string[];
  readonly columns: number;
}

const shown = 5;

/** Lines to print. */
export async function showcase(connection: Connection, request: ShowcaseRequest): Promise<string[]> {
  const { runtime, s3, deployed } = connection;
  const { nameOf } = await titlesInBucket(s3, deployed.bucket, request.group);
  const popular = request.baselineVersionArn && (await preview(connection, request.baselineVersionArn, "anybody"));
  const width = Math.max(16, Math.min(44, Math.floor((request.columns - 8) / 2)));
  const lines: string[] = [];
  for (const userId of request.users) {
    const { campaignArn } = request;
    const answer = await runtime.send(new GetRecommendationsCommand({ campaignArn, userId, numResults: shown }));
    const live = (answer.itemList ?? []).map(({ itemId = "" }) => itemId);
    const rows = live.map((item, rank) => [
      String(rank + 1),
      clip(nameOf(item), width),
      clip(nameOf(popular ? (popular[rank] ?? "") : ""), width),
    ]);
    lines.push("", `For user ${userId}:`);
    lines.push(
      ...table([["", "the campaign shows", "the baseline would show"], ...rows], { right: [0], indent: "  " }),
    );
  }
  return lines;
}

async function preview({ endpoint }: Connection, solutionVersionArn: string, userId: string): Promise<string[]> {
  const url = new URL("/_outrank/preview", endpoint);
  url.search = new URLSearchParams({ solutionVersionArn, userId, numResults: String(shown) }).toString();
  const answer = await fetch(url);
  if (!answer.ok) return [];
  return ((await answer.json()) as { items: string[] }).items;
}

/** `count` users with some history, spread over the file, always the same ones. */
export async function exampleUsers(files: readonly DatasetFile[], count: number): Promise<string[]> {
  const file = files.find(({ dataset }) => dataset === "interactions");
  if (!file) return [];
  const seen = new Map<string, number>();
  let column = -1;
  for await (const record of csvRecords(file.path)) {
    if (column < 0) column = record.indexOf("USER_ID");
    else seen.set(record[column] ?? "", (seen.get(record[column] ?? "") ?? 0) + 1);
  }
  const enough = [...seen].filter(([, rows]) => rows >= 10).map(([user]) => user);
  const users = enough.length >= count ? enough.sort() : [...seen.keys()].sort();
  return Array.from(
    { length: Math.min(count, users.length) },
    (_, i) => users[Math.floor(((i + 0.5) * users.length) / count)] ?? "",
  );
}
