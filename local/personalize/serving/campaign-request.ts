/** What requests for recommendations have in common: the filter, the metadata, the shape of scores. */
import type { PredictedItem } from "@aws-sdk/client-personalize-runtime";
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException, ResourceNotFoundException } from "../errors.ts";
import { matchersOf, type Matcher } from "../filters/apply-filter.ts";
import { parseFilter } from "../filters/parse-filter.ts";
import type { Serving } from "./open.ts";

export interface FilterRequest {
  readonly filterArn?: string | undefined;
  readonly filterValues?: Readonly<Record<string, string>> | undefined;
}

/** What of the request's filter counts for this user; undefined without a filter. */
export function filterOf(
  plane: ControlPlane,
  datasetGroupArn: string,
  { filterArn, filterValues = {} }: FilterRequest,
  { userId, itemId }: { readonly userId?: string | undefined; readonly itemId?: string | undefined },
): Matcher[] | undefined {
  if (filterArn === undefined) return undefined;
  const row = plane.tables.filter.get(filterArn);
  if (!row) throw new ResourceNotFoundException(filterArn, 404);
  if (row.status !== "ACTIVE") throw new InvalidInputException(`The filter ${filterArn} is ${row.status}, not ACTIVE.`);
  if (row.datasetGroupArn !== datasetGroupArn) {
    throw new InvalidInputException(
      `The filter ${filterArn} belongs to another dataset group than what it is to filter.`,
    );
  }
  return matchersFor(plane, row.filterExpression, filterValues, { datasetGroupArn, userId, itemId });
}

/** What counts of a valid expression for this user and item. */
export function matchersFor(
  { jobs }: Pick<ControlPlane, "jobs">,
  expression: string,
  values: Readonly<Record<string, string>>,
  {
    datasetGroupArn,
    userId,
    itemId,
  }: {
    readonly datasetGroupArn: string;
    readonly userId?: string | undefined;
    readonly itemId?: string | undefined;
  },
): Matcher[] {
  const parsed = parseFilter(expression);
  if (parsed.kind === "invalid") throw new Error(`${expression} was valid when it was created: ${parsed.fault}`);
  return matchersOf(parsed.filter, values, {
    user: userId === undefined ? undefined : jobs.userMetadata(datasetGroupArn, userId),
    interactions: userId === undefined ? [] : jobs.interactionsOf(datasetGroupArn, userId),
    item: (id) => jobs.itemMetadata(datasetGroupArn, id),
    currentItem: itemId === undefined ? undefined : jobs.itemMetadata(datasetGroupArn, itemId),
  });
}

/** Scores have seven decimals. */
export const rounded = (score: number) => Math.round(score * 1e7) / 1e7;

type MetadataColumns = Readonly<Record<string, readonly string[]>> | undefined;

/** Refuses metadata where none is given, and too many columns. */
export function assertMetadataAllowed(
  { arn, givesMetadata }: Pick<Serving, "arn" | "givesMetadata">,
  columns: MetadataColumns,
): void {
  if (!columns) return;
  if (!givesMetadata) {
    throw new InvalidInputException(`${arn} gives no metadata: enableMetadataWithRecommendations is not true.`);
  }
  const stranger = Object.keys(columns).find((type) => type.toUpperCase() !== "ITEMS");
  if (stranger) throw new InvalidInputException(`metadataColumns has ${stranger}; only ITEMS has metadata to give.`);
  if (Object.values(columns).some((names) => names.length > 10)) {
    throw new InvalidInputException("metadataColumns lists more than 10 columns.");
  }
}

/** Adds the asked columns to every item that has them. */
export function withMetadata(
  { jobs }: Pick<ControlPlane, "jobs">,
  datasetGroupArn: string,
  items: readonly PredictedItem[],
  columns: MetadataColumns,
): PredictedItem[] {
  const names = Object.values(columns ?? {}).flat();
  if (names.length === 0) return [...items];
  return items.map((item) => {
    const row = jobs.itemMetadata(datasetGroupArn, item.itemId ?? "");
    const metadata = names.flatMap((name) => {
      const value = row?.[name] ?? row?.[name.toUpperCase()];
      return value === undefined || value === null ? [] : [[name, String(value)] as const];
    });
    return { ...item, metadata: Object.fromEntries(metadata) };
  });
}
