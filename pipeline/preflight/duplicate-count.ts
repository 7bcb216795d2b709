/** Rows that repeat another one: for interactions in all that an event is, for the others in their id. */
import { type DatasetType, keyColumns } from "../config/avro-schema.ts";
import type { RowListener } from "./dataset-check.ts";
import { createDistinctRows } from "./distinct-rows.ts";

export interface DuplicateCount {
  readonly listen: RowListener;
  /** @param allowed share of the rows that may repeat another one: up to it a warning, above it a fault. */
  findings(allowed: number): { readonly faults: readonly string[]; readonly warnings: readonly string[] };
}

const event = ["USER_ID", "ITEM_ID", "ACTION_ID", "TIMESTAMP", "EVENT_TYPE", "EVENT_VALUE"];

export function createDuplicateCount(type: DatasetType): DuplicateCount {
  const key = keyColumns[type];
  const identity = key === null ? event : [key];
  const distinct = createDistinctRows();
  let rows = 0;
  let repeated = 0;
  return {
    listen(value) {
      rows += 1;
      if (!distinct.add(identity.map(value).join("\u001f"))) repeated += 1;
    },
    findings(allowed) {
      if (repeated === 0) return { faults: [], warnings: [] };
      const what = identity.length > 1 ? "repeat another one" : `have the ${identity.join()} of another one`;
      const text = `${type}: ${repeated} of ${rows} rows ${what}`;
      if (repeated <= allowed * rows) return { faults: [], warnings: [text] };
      const limit = `dataChecks.maxDuplicates allows ${Number((allowed * 100).toFixed(1))} %`;
      return { faults: [`${text}; ${limit}. Was a file uploaded twice?`], warnings: [] };
    },
  };
}
