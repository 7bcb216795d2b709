/** How a table's text files are read: Hive's OpenCSVSerde and LazySimpleSerDe, as far as CSV goes. */
import type { Column, Table } from "@aws-sdk/client-glue";
import type { TableColumn } from "../quality/table-schema.ts";
import { columnReader, type ReadValue } from "./column-values.ts";

export interface TableFormat {
  readonly columns: readonly TableColumn[];
  readonly location: string;
  /** Lines at the head of each file that are no data. */
  readonly headerLines: number;
  readonly split: (line: string) => string[];
  /** One a column. */
  readonly readers: readonly ReadValue[];
}

/** A table that cannot be read here; the message is the run's error. */
export class TableUnreadable extends Error {}

const openCsv = "org.apache.hadoop.hive.serde2.OpenCSVSerde";
const lazySimple = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";

export function formatOf({
  Name: name,
  StorageDescriptor: storage,
  Parameters: parameters,
  PartitionKeys,
}: Table): TableFormat {
  const unreadable = (why: string) => new TableUnreadable(`Table ${name} cannot be read: ${why}`);
  const columns = (storage?.Columns ?? []).map(toColumn);
  if (columns.length === 0) throw unreadable("its StorageDescriptor has no columns");
  if ((PartitionKeys ?? []).length > 0) throw unreadable("the embedded cloud has no partitions; it has PartitionKeys");
  if (!storage?.Location?.startsWith("s3://")) throw unreadable(`its location ${storage?.Location} is not in S3`);
  const serde = storage.SerdeInfo?.SerializationLibrary ?? lazySimple;
  if (serde !== openCsv && serde !== lazySimple) {
    throw unreadable(`the embedded cloud reads ${openCsv} and ${lazySimple}, not ${serde}`);
  }
  const settings = { ...parameters, ...storage.Parameters, ...storage.SerdeInfo?.Parameters };
  const nullText = serde === lazySimple ? (settings["serialization.null.format"] ?? "\\N") : undefined;
  const readers = columns.map((column) => {
    const reader = columnReader(column, nullText);
    if (!reader) throw unreadable(`column ${column.name} has the type ${column.type}, which rules cannot be about`);
    return reader;
  });
  return {
    ...{ columns, readers, location: storage.Location },
    headerLines: Number(settings["skip.header.line.count"] ?? 0),
    split: serde === openCsv ? quotedSplitter(settings) : plainSplitter(settings),
  };
}

const toColumn = ({ Name = "", Type = "string" }: Column): TableColumn => ({ name: Name, type: Type.toLowerCase() });

type Settings = Readonly<Record<string, string>>;

function plainSplitter(settings: Settings): TableFormat["split"] {
  const separator = settings["field.delim"] ?? settings["serialization.format"] ?? "\u0001";
  return (line) => line.split(separator);
}

function quotedSplitter(settings: Settings): TableFormat["split"] {
  const { separatorChar: separator = ",", quoteChar: quote = '"', escapeChar: escape = "\\" } = settings;
  return (line) => {
    if (!line.includes(quote) && !line.includes(escape)) return line.split(separator);
    return splitQuoted(line, { separator, quote, escape: escape === quote ? "\\" : escape });
  };
}

interface Marks {
  readonly separator: string;
  readonly quote: string;
  readonly escape: string;
}

/** A quote doubled inside quotes is one; an escape takes the mark after it literally. A line ends every quote. */
function splitQuoted(line: string, { separator, quote, escape }: Marks): string[] {
  const fields: string[] = [];
  let field = "";
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    const following = line.charAt(at + 1);
    if (character === escape && (following === quote || following === escape)) {
      field += following;
      at++;
    } else if (character === quote) {
      if (isQuoted && following === quote) {
        field += quote;
        at++;
      } else isQuoted = !isQuoted;
    } else if (character === separator && !isQuoted) {
      fields.push(field);
      field = "";
    } else field += character;
  }
  fields.push(field);
  return fields;
}
