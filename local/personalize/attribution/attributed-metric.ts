/**
 * A metric of a metric attribution: of events of one type, how many there were (`SAMPLECOUNT()`) or what a numeric column adds up to
 * (`SUM(Interactions.COLUMN)`, `SUM(Items.COLUMN)`). Pure.
 */
import type { MetricAttribute } from "@aws-sdk/client-personalize";
import type { Plain } from "../model.ts";
import type { ParsedSchema } from "../schema/avro-schema.ts";

export type Measure =
  | { readonly kind: "samplecount" }
  | { readonly kind: "sum"; readonly dataset: "INTERACTIONS" | "ITEMS"; readonly column: string };

export interface AttributedMetric {
  readonly name: string;
  readonly eventType: string;
  readonly measure: Measure;
}

const count = /^SAMPLECOUNT\(\s*\)$/i;
const sum = /^SUM\(\s*(Interactions|Items)\.([A-Za-z_][A-Za-z\d_]*)\s*\)$/i;

/** Undefined for what is no expression. The column is as written. */
export function measureOf(expression: string): Measure | undefined {
  if (count.test(expression)) return { kind: "samplecount" };
  const [, dataset, column] = sum.exec(expression) ?? [];
  if (dataset === undefined || column === undefined) return undefined;
  return { kind: "sum", dataset: dataset.toUpperCase() as "INTERACTIONS" | "ITEMS", column };
}

export type SchemaOf = (dataset: "INTERACTIONS" | "ITEMS") => ParsedSchema | undefined;

/** The schema's column of this name, in any case, if it can be added up. */
function numericColumn(schema: ParsedSchema | undefined, wanted: string): string | undefined {
  const field = schema?.fields.find(({ name }) => name.toUpperCase() === wanted.toUpperCase());
  return field?.types.every((type) => type !== "string" && type !== "boolean") === true ? field.name : undefined;
}

/** Why a sum cannot be taken; undefined when it can, and for counts. */
export function faultOf(measure: Measure, schemaOf: SchemaOf): string | undefined {
  if (measure.kind === "samplecount") return undefined;
  const { dataset, column } = measure;
  const schema = schemaOf(dataset);
  if (!schema) return `there is no ${dataset} dataset to take ${column} from: create it and import into it first`;
  return numericColumn(schema, column) === undefined
    ? `${column} is no numeric column of the ${dataset} dataset, which has ${schema.fields.map(({ name }) => name).join(", ")}`
    : undefined;
}

/** Ready to be counted, columns under the schemas' names; a column that a later schema no longer has counts nothing. */
export function attributedMetrics(metrics: readonly Plain<MetricAttribute>[], schemaOf: SchemaOf): AttributedMetric[] {
  return metrics.flatMap(({ metricName: name = "", eventType = "", expression = "" }): AttributedMetric[] => {
    const measure = measureOf(expression);
    if (!measure || measure.kind === "samplecount") return measure ? [{ name, eventType, measure }] : [];
    const column = numericColumn(schemaOf(measure.dataset), measure.column);
    return column === undefined ? [] : [{ name, eventType, measure: { ...measure, column } }];
  });
}
