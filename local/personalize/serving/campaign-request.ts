/** What requests for recommendations have in common: metadata, context, the shape of scores. */
import type { PredictedItem } from "@aws-sdk/client-personalize-runtime";
import { those, type ControlPlane } from "../control-plane.ts";
import { schemaOf } from "../events/datasets.ts";
import { InvalidInputException } from "../errors.ts";
import type { ParsedSchema } from "../schema/avro-schema.ts";
import type { Serving } from "./open.ts";

/** Scores have seven decimals. */
export const rounded = (score: number) => Math.round(score * 1e7) / 1e7;

type MetadataColumns = Readonly<Record<string, readonly string[]>> | undefined;

/** The schema of the group's dataset of this type; undefined when it has none. */
export function schemaInGroup(plane: ControlPlane, datasetGroupArn: string, type: string): ParsedSchema | undefined {
  const [dataset] = those(
    plane,
    "dataset",
    (row) => row.datasetGroupArn === datasetGroupArn && row.datasetType === type,
  );
  return dataset && plane.schemas(schemaOf(plane, dataset));
}

/** Refuses metadata where none is given, too many columns, and those the Items do not have. */
export function assertMetadataAllowed(
  plane: ControlPlane,
  { arn, datasetGroupArn, givesMetadata }: Pick<Serving, "arn" | "datasetGroupArn" | "givesMetadata">,
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
  const there = schemaInGroup(plane, datasetGroupArn, "ITEMS")?.fields.map(({ name }) => name) ?? [];
  const wanted = Object.values(columns).flat();
  const missing = wanted.find((name) => !there.some((column) => column.toUpperCase() === name.toUpperCase()));
  if (missing === undefined) return;
  throw new InvalidInputException(
    `metadataColumns lists ${missing}, which the Items dataset does not have. It has: ${there.join(", ") || "none"}.`,
  );
}

/** Adds the asked columns to every item that has them. */
export function withMetadata(
  { jobs }: Pick<ControlPlane, "jobs">,
  datasetGroupArn: string,
  items: PredictedItem[],
  columns: MetadataColumns,
): PredictedItem[] {
  const names = Object.values(columns ?? {}).flat();
  if (names.length === 0) return items;
  return items.map((item) => {
    const row = jobs.metadataOf(datasetGroupArn, "ITEMS", item.itemId ?? "", names);
    const metadata = names.flatMap((name) => {
      const value = row?.[name] ?? row?.[name.toUpperCase()];
      return value === undefined || value === null ? [] : [[name, String(value)] as const];
    });
    return { ...item, metadata: Object.fromEntries(metadata) };
  });
}

/** The request's context under the names of the Interactions schema, whose case need not be met. */
export function contextOf(
  plane: ControlPlane,
  datasetGroupArn: string,
  context: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (!context) return undefined;
  const columns = schemaInGroup(plane, datasetGroupArn, "INTERACTIONS")?.fields.map(({ name }) => name) ?? [];
  const nameOf = (key: string) => columns.find((column) => column.toUpperCase() === key.toUpperCase()) ?? key;
  return Object.fromEntries(Object.entries(context).map(([key, value]) => [nameOf(key), value]));
}
