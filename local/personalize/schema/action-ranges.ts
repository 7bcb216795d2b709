/** Which numbers an action may have in the columns whose names the service keeps (reference, section 3). Pure. */
import type { Metadata } from "../job-runner.ts";

export interface Range {
  readonly least: number;
  readonly most: number;
}

/** What an action is worth, and after how many days it may be recommended again to who took it. */
const ranges: Readonly<Record<string, Range>> = {
  VALUE: { least: 1, most: 10 },
  REPEAT_FREQUENCY: { least: 0, most: 30 },
};

/** The range of a column of this type of dataset, where it has one. */
export const rangeOf = (datasetType: string, column: string): Range | undefined =>
  datasetType === "ACTIONS" && Object.hasOwn(ranges, column) ? ranges[column] : undefined;

/** What is wrong with an action's numbers; null is not a number. */
export function rangeFault(row: Metadata): string | undefined {
  for (const [column, { least, most }] of Object.entries(ranges)) {
    const value = row[column];
    if (typeof value === "number" && !(value >= least && value <= most)) {
      return `${column} is ${value}; it must be from ${least} to ${most}`;
    }
  }
  return undefined;
}
