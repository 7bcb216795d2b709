/** What was counted in the columns of a table, row by row, in little memory however long the table is. */
export interface ColumnFacts {
  readonly given: number;
  readonly empty: number;
  /** Of given values; of no values at all, too. */
  readonly allWhole: boolean;
  readonly allNumbers: boolean;
  /** Personalize separates several categories by it. */
  readonly hasBar: boolean;
  readonly meanLength: number;
  /** Different values among the first `distinctAmong` given ones. */
  readonly distinct: number;
  readonly distinctAmong: number;
}

export interface ColumnCounts {
  readonly facts: readonly ColumnFacts[];
  add(row: readonly string[]): void;
}

/** So many values tell whether a column repeats itself. */
const countedDistinct = 20_000;

const whole = /^-?\d{1,18}$/;
const number = /^-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;

export function countColumns(width: number): ColumnCounts {
  const columns = Array.from({ length: width }, createColumn);
  return {
    get facts() {
      return columns.map((column) => column.facts());
    },
    add: (row) => columns.forEach((column, at) => column.add(row[at] ?? "")),
  };
}

function createColumn() {
  const seen = new Set<string>();
  let [given, empty, letters, distinctAmong] = [0, 0, 0, 0];
  let [allWhole, allNumbers, hasBar] = [true, true, false];
  return {
    add(value: string): void {
      if (value === "") {
        empty++;
        return;
      }
      given++;
      letters += value.length;
      allWhole &&= whole.test(value);
      allNumbers &&= allWhole || number.test(value);
      hasBar ||= value.includes("|");
      if (distinctAmong >= countedDistinct) return;
      seen.add(value);
      distinctAmong++;
    },
    facts: (): ColumnFacts => ({
      ...{ given, empty, allWhole, allNumbers, hasBar, distinctAmong },
      meanLength: given === 0 ? 0 : letters / given,
      distinct: seen.size,
    }),
  };
}
