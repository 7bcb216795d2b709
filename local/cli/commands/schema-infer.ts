/** `outrank schema infer`: the Avro schema of a CSV file, with a reason for each column. */
import { writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { countColumns } from "../../../pipeline/schemas/column-facts.ts";
import { type DatasetKind, type ExplainedSchema, explainSchema } from "../../../pipeline/schemas/infer-schema.ts";
import { type Command, UsageError } from "../command.ts";
import { csvRecords } from "../data/csv-lines.ts";
import { type DatasetFolder, datasetFolders } from "../data/dataset-files.ts";
import { table } from "../view/table.ts";

export const schemaInfer: Command = {
  summary: "guess the Avro schema of a CSV file, and say why",
  positionals: [{ name: "FILE", help: "a CSV file with a header line; all of it is read, a piece at a time" }],
  options: {
    type: {
      type: "string",
      value: "TYPE",
      help: "interactions, users or items (default: by the file's name, else by its columns)",
    },
    out: { type: "string", value: "SCHEMA", help: "write the schema there (default: print it)" },
  },
  async run(args, io) {
    const file = resolve(io.cwd, args.positionals[0] ?? "");
    const { schema, reasons } = await inferFrom(file, args.text("type"), io.stop);
    const rows = schema.fields.map((field, at) => [field.name, typeText(field), reasons[at] ?? ""]);
    table([["column", "type", "why"], ...rows]).forEach((line) => io.err(line));
    const text = JSON.stringify(schema, null, 2);
    const out = args.text("out");
    if (out === undefined) io.out(text);
    else writeFileSync(resolve(io.cwd, out), `${text}\n`);
    return 0;
  },
};

type Field = ExplainedSchema["schema"]["fields"][number];

const typeText = ({ type, categorical, textual }: Field): string =>
  [Array.isArray(type) ? type.join(" or ") : String(type), categorical && "categorical", textual && "textual"]
    .filter(Boolean)
    .join(", ");

async function inferFrom(file: string, type: string | undefined, stop: AbortSignal): Promise<ExplainedSchema> {
  let header: readonly string[] | undefined;
  let columns = countColumns(0);
  for await (const record of csvRecords(file)) {
    stop.throwIfAborted();
    if (header === undefined) columns = countColumns((header = record).length);
    else columns.add(record);
  }
  if (header === undefined) throw new UsageError(`${file} is empty; it needs a header line`);
  const kind = kindOf(type, basename(file), header);
  try {
    return explainSchema(kind, header, columns.facts);
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

function kindOf(type: string | undefined, name: string, header: readonly string[]): DatasetKind {
  const types = Object.keys(datasetFolders) as DatasetFolder[];
  if (type !== undefined) {
    const known = types.find((one) => one === type);
    if (known === undefined) throw new UsageError(`--type knows no "${type}". It knows: ${types.join(", ")}`);
    return datasetFolders[known];
  }
  const named = types.find((one) => name.toLowerCase().startsWith(one));
  if (named !== undefined) return datasetFolders[named];
  const [user, item] = [header.includes("USER_ID"), header.includes("ITEM_ID")];
  if (user === item) {
    if (user) return "Interactions";
    throw new UsageError(`${name} has neither USER_ID nor ITEM_ID. Rename the columns, or say what it is with --type`);
  }
  return user ? "Users" : "Items";
}
