/** docs/events.md, made from the events' own schemas: what a rule on the bus can match, and what its target is given. */
import * as z from "zod";
import { ModelKept, modelKeptType } from "../../pipeline/events/model-kept.ts";
import { ModelPromoted, modelPromotedType } from "../../pipeline/events/model-promoted.ts";
import { eventSource } from "../../pipeline/events/outrank-event.ts";
import { RunFailed, runFailedType } from "../../pipeline/events/run-failed.ts";
import { RunFinished, runFinishedType } from "../../pipeline/events/run-finished.ts";
import { StageFinished, stageFinishedType } from "../../pipeline/events/stage-finished.ts";
import { table } from "./config-reference.ts";
import * as examples from "./event-examples.ts";

interface Event {
  readonly name: string;
  readonly says: string;
  readonly schema: z.ZodType;
  readonly example: object;
}

export const events: readonly Event[] = [
  {
    name: runFinishedType,
    says: "A run did all that it was asked for. Every run that takes the lease ends with this or with `RunFailed`.",
    ...{ schema: RunFinished, example: examples.runFinished },
  },
  {
    name: runFailedType,
    says: "A run ended without doing all that it was asked for; also one that could not even be planned or recorded.",
    ...{ schema: RunFailed, example: examples.runFailed },
  },
  {
    name: modelPromotedType,
    says: "A campaign serves another version now. One event for each solution of the group that promoted.",
    ...{ schema: ModelPromoted, example: examples.modelPromoted },
  },
  {
    name: modelKeptType,
    says: "A contest was judged, and the campaign serves what it served before. One event for each such solution.",
    ...{ schema: ModelKept, example: examples.modelKept },
  },
  {
    name: stageFinishedType,
    says: "A stage was completed: `DATA_ACCEPTED`, `DATA_IMPORTED`, `VERSIONS_TRAINED`, `CONTESTS_JUDGED`, each with its own members.",
    ...{ schema: StageFinished, example: examples.stageFinished },
  },
];

/** The members of a JSON Schema that we read. */
interface Node {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly description?: string;
}

const isNull = ({ type }: Node): boolean => type === "null";

/** What it is when it is not null. */
const inner = (node: Node): Node => node.anyOf?.find((one) => !isNull(one)) ?? node;

function kindOf(node: Node): string {
  const { type, const: only, enum: values, items, properties } = inner(node);
  const orNull = node.anyOf?.some(isNull) ? " or null" : "";
  if (only !== undefined) return `\`${JSON.stringify(only)}\`${orNull}`;
  if (values && values.length <= 6) return values.map((value) => `\`${JSON.stringify(value)}\``).join(", ") + orNull;
  if (items) return `list of ${kindOf(items)}${orNull}`;
  const plain = typeof type === "string" ? type : (type?.join(" or ") ?? "anything");
  return `${properties ? "object" : plain}${orNull}`;
}

function rowsOf(node: Node, path = ""): string[][] {
  return Object.entries(inner(node).properties ?? {}).flatMap(([name, member]) => {
    const here = path === "" ? name : `${path}.${name}`;
    const { items, description = member.description } = inner(member);
    const row = [`\`${here}\``, kindOf(member), description ?? ""];
    return [row, ...(items ? rowsOf(items, `${here}[]`) : rowsOf(member, here))];
  });
}

/** A union is told of as its first member, then what the others have beside. */
function membersOf(schema: z.ZodType): string[][] {
  const root = z.toJSONSchema(schema) as Node;
  const kinds = root.oneOf ?? root.anyOf ?? [root];
  const seen = new Set<string>();
  return kinds
    .flatMap((kind) => rowsOf(kind))
    .filter(([path = "", is = ""]) => {
      const key = `${path} ${is}`;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    });
}

const section = ({ name, says, schema, example }: Event): string => `## ${name}

${says}

${table(["member of `detail`", "value", "meaning"], membersOf(schema))}

\`\`\`json
${JSON.stringify({ source: eventSource, "detail-type": name, detail: example }, null, 2)}
\`\`\``;

/** docs/events.md. */
export const eventsPage = (): string => `# Events

<!-- Made by \`npm run docs\` from pipeline/events; do not edit. -->

When a run ends, its state machine puts these events on the stack's EventBridge bus (output \`EventBusName\`; by default the
project's name, see \`events.bus\` in [outrank.json](config.md)). Source is \`${eventSource}\`; \`resources\` are the ARNs of the
execution and, of the Model events, the campaign. Members are added in later versions, never taken away or given another
meaning; otherwise \`schemaVersion\` is raised.

A state that is repeated after a lost answer may put the same events twice: \`detail.runId\`, the detail type and
\`detail.solution\` or \`detail.stage\` tell a repeat. PutEvents takes ten events of a run: of a group with more than five
solutions, stages are left out. An execution that leaves its work to another run has no events of its own.

A rule that starts something whenever a model goes live:

\`\`\`sh
aws events put-rule --event-bus-name outrank --name model-is-live \\
  --event-pattern '{"source": ["outrank"], "detail-type": ["ModelPromoted"], "detail": {"group": ["shop"]}}'
\`\`\`

${events.map(section).join("\n\n")}
`;
