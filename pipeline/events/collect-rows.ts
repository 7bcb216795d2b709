/** Many small archives of events as one file: each event once, in the order of time. */
import { createCsvReader } from "../preflight/csv.ts";

export interface Collected {
  readonly csv: string;
  readonly rows: number;
  /** Days of the first and the last event, `20261124`. */
  readonly first: string;
  readonly last: string;
}

const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10).replaceAll("-", "");
const quoted = (value: string): string => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

interface Row {
  readonly seconds: number;
  readonly values: ReadonlyMap<string, string>;
}

function rowsOf(file: string): { readonly header: readonly string[]; readonly rows: Row[] } {
  let header: readonly string[] | undefined;
  const rows: Row[] = [];
  const reader = createCsvReader((fields) => {
    if (header === undefined) header = [...fields];
    else {
      const values = new Map(header.map((name, at) => [name, fields[at] ?? ""]));
      rows.push({ seconds: Number(values.get("TIMESTAMP")), values });
    }
  });
  reader.push(file);
  reader.end();
  return { header: header ?? [], rows };
}

/** The newest file's columns are those of the result: the schema may have grown meanwhile. Null without any event. */
export function collectRows(files: readonly string[]): Collected | null {
  const read = files.map(rowsOf);
  const header = read.at(-1)?.header ?? [];
  const all = read.flatMap(({ rows }) => rows).sort((a, b) => a.seconds - b.seconds);
  const lines = new Map(
    all.map(({ seconds, values }) => [header.map((name) => quoted(values.get(name) ?? "")).join(), seconds]),
  );
  const times = [...lines.values()];
  const [first] = times;
  const last = times.at(-1);
  if (first === undefined || last === undefined) return null;
  return {
    csv: [header.join(), ...lines.keys(), ""].join("\n"),
    rows: lines.size,
    first: dayOf(first),
    last: dayOf(last),
  };
}
