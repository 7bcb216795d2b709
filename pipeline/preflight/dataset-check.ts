/**
 * One dataset's files against its schema, row by row, in memory that does not grow with the rows (but does with distinct
 * users). Keeps the first few faults in full and counts the others, so that a broken file gives a short message.
 */
import * as z from "zod";
import { datasetTypes, type AvroSchema } from "../config/avro-schema.ts";
import { checkHeader } from "./header-check.ts";
import { createDuplicateCount } from "./duplicate-count.ts";
import { makeValueCheck, type ValueCheck } from "./value-check.ts";

export const DatasetReport = z.object({
  type: z.enum(datasetTypes),
  rows: z.number(),
  files: z.array(z.object({ key: z.string(), rows: z.number() })),
  faults: z.array(z.string()),
  warnings: z.array(z.string()),
});
export type DatasetReport = z.infer<typeof DatasetReport>;

/** One row's values by column name, "" for a column that is not there; only valid rows are shown to listeners. */
export type RowListener = (value: (column: string) => string) => void;

export interface FileCheck {
  /** Every record of the file in turn, the header first. */
  row(fields: readonly string[], line: number): void;
  end(): void;
}

export interface DatasetCheck {
  file(key: string): FileCheck;
  report(): DatasetReport;
}

const shownFaults = 5;

interface Columns {
  readonly names: readonly string[];
  readonly checks: readonly (ValueCheck | undefined)[];
  readonly position: ReadonlyMap<string, number>;
}

function columnsOf(header: readonly string[], schema: AvroSchema, latest: number): Columns {
  const byName = new Map(schema.fields.map((field) => [field.name, makeValueCheck(field, latest)]));
  return {
    names: header,
    checks: header.map((name) => byName.get(name)),
    position: new Map(header.map((name, position) => [name, position])),
  };
}

function rowFault({ names, checks }: Columns, fields: readonly string[]): string | undefined {
  if (fields.length !== names.length) return `has ${fields.length} fields, the header has ${names.length}`;
  for (let at = 0; at < fields.length; at++) {
    const fault = checks[at]?.(fields[at] ?? "");
    if (fault !== undefined) return `column ${names[at]} ${fault}`;
  }
  return undefined;
}

export interface DatasetExpected {
  readonly type: DatasetReport["type"];
  readonly schemaName: string;
  readonly schema: AvroSchema;
  /** The last acceptable TIMESTAMP, in epoch seconds. */
  readonly latest: number;
  /** Share of the rows that may repeat another row (interactions) or another row's id (users, items). */
  readonly maxDuplicates: number;
  /** Does Glue Data Quality look at it too? Then columns are in the schema's order. */
  readonly isMeasured: boolean;
}

export function createDatasetCheck(
  { type, schemaName, schema, latest, maxDuplicates, isMeasured }: DatasetExpected,
  onRow: RowListener,
): DatasetCheck {
  const faults: string[] = [];
  const warnings: string[] = [];
  const files: { key: string; rows: number }[] = [];
  const duplicates = createDuplicateCount(type);
  let unshown = 0;

  const complain = (fault: string): void => {
    if (faults.length < shownFaults) faults.push(fault);
    else unshown += 1;
  };

  return {
    file(key) {
      const own = { key, rows: 0 };
      files.push(own);
      let columns: Columns | undefined;
      let isReadable = true;
      return {
        row(fields, line) {
          if (columns === undefined) {
            columns = columnsOf(fields, schema, latest);
            const header = checkHeader(key, fields, schemaName, schema, isMeasured);
            isReadable = header.faults.length === 0;
            header.faults.forEach(complain);
            warnings.push(...header.warnings);
            return;
          }
          own.rows += 1;
          if (!isReadable) return;
          const fault = rowFault(columns, fields);
          const { position } = columns;
          if (fault !== undefined) return complain(`${key}, line ${line}: ${fault} (schema ${schemaName})`);
          const value = (column: string): string => fields[position.get(column) ?? -1] ?? "";
          duplicates.listen(value);
          onRow(value);
        },
        end() {
          if (columns === undefined) complain(`${key}: the file is empty; it needs the header of schema ${schemaName}`);
        },
      };
    },
    report() {
      const repeated = duplicates.findings(maxDuplicates);
      return {
        type,
        rows: files.reduce((sum, file) => sum + file.rows, 0),
        files: files.map((file) => ({ ...file })),
        faults: [
          ...faults,
          ...(unshown === 0 ? [] : [`and ${unshown} more like these in the ${type} files`]),
          ...repeated.faults,
        ],
        warnings: [...warnings, ...repeated.warnings],
      };
    },
  };
}
