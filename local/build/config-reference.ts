/**
 * The configuration's reference, made from the zod schemas themselves: a JSON Schema for editors, docs/config.md for
 * people, and the policy table of docs/guides/gate.md. `npm run docs` writes them; test/house/docs.test.ts says when they
 * are out of date.
 */
import * as z from "zod";
import { AvroSchema } from "../../pipeline/config/avro-schema.ts";
import { DecisionPolicy, profiles } from "../../pipeline/config/decision-policy.ts";
import { OutrankConfig } from "../../pipeline/config/outrank-config.ts";

/** The members of a JSON Schema that we read. */
interface Described {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly items?: Described;
  readonly anyOf?: readonly Described[];
  readonly additionalProperties?: Described | boolean;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

const schemaFile = "an Avro schema, or the path of a file with one, seen from the configuration";

/** What a person may write in outrank.json: defaults left out, a schema in its place or in a file of its own. */
export function configSchema(): object {
  const schema = z.toJSONSchema(OutrankConfig, {
    io: "input",
    override({ zodSchema, jsonSchema }) {
      if (zodSchema !== AvroSchema) return;
      const inline = { ...jsonSchema };
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key as keyof typeof jsonSchema];
      Object.assign(jsonSchema, { description: schemaFile, anyOf: [{ type: "string" }, inline] });
    },
  });
  return { ...schema, title: "outrank.json" };
}

interface Row {
  readonly path: string;
  readonly node: Described;
  readonly required: boolean;
  /** The nearest object around it that may be left out as a whole. */
  readonly within: string;
}

/** Leaves and lists of leaves, in the schema's order; the inside of an Avro schema is Personalize's business. */
function rowsOf(node: Described, path: string, within = ""): Row[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const here = path === "" ? name : `${path}.${name}`;
    const required = node.required?.includes(name) ?? false;
    if (child.properties) return rowsOf(child, here, required || child.default !== undefined ? within : here);
    if (child.items?.properties) {
      return [{ path: `${here}[]`, node: child, required, within }, ...rowsOf(child.items, `${here}[]`)];
    }
    return [{ path: here, node: child, required, within }];
  });
}

const code = (value: unknown): string => `\`${JSON.stringify(value)}\``;

function typeOf({ type, enum: values, const: only, anyOf, items, additionalProperties }: Described): string {
  if (only !== undefined) return `only ${code(only)}`;
  if (values) return values.map(code).join(", ");
  if (anyOf?.some(({ properties }) => properties)) return "path or object";
  if (anyOf) return anyOf.map(typeOf).join(" or ");
  if (items) return items.type === "object" ? "list" : `list of ${typeOf(items)}`;
  if (typeof additionalProperties === "object") return `object of ${typeOf(additionalProperties)}`;
  return type === "integer" ? "whole number" : (type ?? "");
}

/** zod gives every whole number JavaScript's largest one as its maximum; that says nothing. */
function rangeOf({ minimum, maximum = Infinity, exclusiveMinimum }: Described): string {
  const least = exclusiveMinimum === undefined ? minimum : undefined;
  if (exclusiveMinimum !== undefined) return `, above ${exclusiveMinimum}`;
  if (least === undefined) return "";
  return maximum < Number.MAX_SAFE_INTEGER ? `, ${least} to ${maximum}` : `, at least ${least}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function defaultOf({ node, required, within }: Row): string {
  if (node.default !== undefined) return code(node.default);
  if (!required) return "_none_";
  return within === "" ? "_required_" : `_required in ${within.split(".").at(-1)}_`;
}

const cells = (row: Row, below: string): string[] => [
  `\`${row.path.slice(below.length)}\``,
  typeOf(row.node) + rangeOf(row.node),
  defaultOf(row),
  row.node.description ?? "",
];

const solution = "datasetGroups[].solutions[].";
const decision = `${solution}decision.`;

/** docs/config.md. */
export function configPage(): string {
  const rows = rowsOf(configSchema(), "");
  const head = ["member", "value", "default", "meaning"];
  const part = (below: string, except: string) =>
    table(
      head,
      rows
        .filter(({ path }) => path.startsWith(below) && (except === "" || !path.startsWith(except)))
        .map((row) => cells(row, below)),
    );
  return `# outrank.json

<!-- Made by \`npm run docs\` from pipeline/config; do not edit. -->

One file, read when the stack is synthesized. Unknown members are errors, and all faults are told at once. Editors complete
it when it begins with \`"$schema": "./docs/outrank.schema.json"\`.

## The whole and its dataset groups

${part("", solution)}

## \`${solution.slice(0, -1)}\`

${part(solution, decision)}

## \`${decision.slice(0, -1)}\`

A profile, and whatever differs from it. Objects are merged member by member; \`guardrails\` replaces the profile's list.

${policyTable()}
`;
}

/** Every knob of the gate with the value that each profile gives it. */
export function policyTable(): string {
  const names = Object.keys(profiles) as (keyof typeof profiles)[];
  const rows = rowsOf(z.toJSONSchema(DecisionPolicy, { io: "output" }) as Described, "").filter(
    ({ path }) => path !== "profile" && !path.startsWith("guardrails[]."),
  );
  const value = (path: string, name: keyof typeof profiles): unknown =>
    path.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], profiles[name]);
  const shown = (path: string): string[] =>
    path === "guardrails[]" ? names.map(() => "see below") : names.map((name) => code(value(path, name)));
  const knobs = table(
    ["member", ...names, "value", "meaning"],
    rows.map(({ path, node }) => [`\`${path}\``, ...shown(path), typeOf(node) + rangeOf(node), node.description ?? ""]),
  );
  const rails = table(
    ["guardrail (all profiles)", "rule"],
    profiles.default.guardrails.map(({ metric, minValue, maxRelativeDrop }) => [
      `\`${metric}\``,
      minValue === undefined ? `falls at most ${maxRelativeDrop} (relative) below the live version` : `>= ${minValue}`,
    ]),
  );
  return `${knobs}\n\n${rails}`;
}

const begin = "<!-- policy table: made by `npm run docs` -->";
const end = "<!-- end of the policy table -->";

/** `page` with what stands between the marks replaced by the policy table. */
export function withPolicyTable(page: string): string {
  const [before, rest = ""] = page.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error(`the page has no "${begin}" followed by "${end}"`);
  return `${before}${begin}\n\n${policyTable()}\n\n${end}${after}`;
}
