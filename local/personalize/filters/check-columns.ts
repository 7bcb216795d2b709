/**
 * Whether a filter fits the schemas of its dataset group: the datasets and columns are there, and filters may look at them.
 * Pure: schemas in, a sentence about the first fault out.
 */
import type { ParsedSchema } from "../schema/avro-schema.ts";
import type { Filter, List, Operand } from "./filter-expression.ts";

/** What each name of the language stands for, among those whose columns a schema tells. EVENT_TYPE is checked by the parser. */
const datasetTypes: Readonly<Record<string, string>> = {
  Items: "ITEMS",
  Users: "USERS",
  Actions: "ACTIONS",
  CurrentUser: "USERS",
  CurrentItem: "ITEMS",
};

/** What the service applies by itself and lets no filter look at. */
const automatic = ["EXPIRATION_TIMESTAMP", "ACTION_EXPIRATION_TIMESTAMP", "REPEAT_FREQUENCY"];

/** @param schemas by dataset type, of the group's datasets */
export function columnFault(filter: Filter, schemas: Readonly<Record<string, ParsedSchema>>): string | undefined {
  for (const { subject, column } of fieldsOf(filter)) {
    const type = datasetTypes[subject];
    if (type === undefined) continue;
    const schema = schemas[type];
    if (!schema) return `${subject}.${column}: the dataset group has no ${type} dataset`;
    const fault = fieldFault(schema, column, type);
    if (fault !== undefined) return `${subject}.${column}: ${fault}`;
  }
  return undefined;
}

function fieldFault({ fields }: ParsedSchema, column: string, type: string): string | undefined {
  const field = fields.find(({ name }) => name.toUpperCase() === column.toUpperCase());
  if (!field) return `the schema of ${type} has no such column; it has ${fields.map(({ name }) => name).join(", ")}`;
  if (field.textual) return "textual columns cannot be filtered by";
  if (field.types.includes("boolean")) return "boolean columns cannot be filtered by; use a string or an int instead";
  if (type === "ACTIONS" && automatic.includes(field.name)) {
    return "expired and recently taken actions are left out by themselves; filters cannot look at this column";
  }
  return undefined;
}

/** Every field an expression names: on the left, after IF, and of the current item on the right. */
export function fieldsOf(filter: Filter): { readonly subject: string; readonly column: string }[] {
  return filter.expressions.flatMap(({ alternatives, onlyIf }) =>
    [...alternatives.flat(), ...onlyIf].flatMap(({ subject, column, test }) => {
      const right: List | Operand = test.kind === "membership" ? test.list : test.operand;
      const left = { subject, column };
      return right.kind === "currentItem" ? [left, { subject: "CurrentItem", column: right.column }] : [left];
    }),
  );
}

/** The distinct fields of a filter, for the quotas; CurrentUser.AGE is the field AGE of the users. */
export const distinctFields = (filter: Filter): Set<string> =>
  new Set(fieldsOf(filter).map(({ subject, column }) => `${datasetTypes[subject] ?? subject}.${column}`.toUpperCase()));
