/** Some of the interactions of training data, in an order of one's own; users, items and their metadata stay as they are. */
import type { Column, TrainingData } from "../../recipes/recipe.ts";

interface Lists {
  readonly offsets: Uint32Array;
  readonly values: Uint32Array;
}

function takeLists({ offsets, values }: Lists, rows: Uint32Array): Lists {
  const ends = new Uint32Array(rows.length + 1);
  rows.forEach((row, k) => {
    ends[k + 1] = (ends[k] as number) + (offsets[row + 1] as number) - (offsets[row] as number);
  });
  const taken = new Uint32Array(ends[rows.length] as number);
  rows.forEach((row, k) => taken.set(values.subarray(offsets[row], offsets[row + 1]), ends[k]));
  return { offsets: ends, values: taken };
}

function takeColumn(column: Column, rows: Uint32Array): Column {
  if (column.kind === "number")
    return { ...column, values: Float64Array.from(rows, (row) => column.values[row] as number) };
  if (column.kind === "text") return { ...column, values: Array.from(rows, (row) => column.values[row] as string) };
  const { offsets, values: codes } = takeLists({ offsets: column.offsets, values: column.codes }, rows);
  return { ...column, offsets, codes };
}

/**
 * @param rows (M) positions to keep, in their new order
 * @param offsets (U + 1) where each user's rows begin among them
 */
export function selectRows<Data extends TrainingData>(data: Data, rows: Uint32Array, offsets: Uint32Array): Data {
  const { eventWeight, impressions } = data;
  const shown = impressions && takeLists({ offsets: impressions.offsets, values: impressions.items }, rows);
  return {
    ...data,
    offsets,
    item: Uint32Array.from(rows, (row) => data.item[row] as number),
    timestamp: Float64Array.from(rows, (row) => data.timestamp[row] as number),
    eventType: Uint16Array.from(rows, (row) => data.eventType[row] as number),
    eventValue: Float32Array.from(rows, (row) => data.eventValue[row] as number),
    contextColumns: data.contextColumns.map((column) => takeColumn(column, rows)),
    ...(eventWeight && { eventWeight: Float32Array.from(rows, (row) => eventWeight[row] as number) }),
    ...(shown && { impressions: { offsets: shown.offsets, items: shown.values } }),
  };
}
