/** Every permission of a template, as one reads it: who may do what to what, and when. */
import type { Resources } from "./synthesized.ts";

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Attached {
  /** `role of Group shop / Functions / PlanTheRun`, `policy of Data / Bucket`. */
  readonly at: string;
  readonly kind: "trust" | "role" | "resource";
  readonly type: string;
  readonly statement: Statement;
}

export const listOf = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** A logical id is its construct's path without slashes, and a hash: words stay words. */
const named = (id: unknown): string =>
  String(id)
    .replace(/[0-9A-F]{8}$/, "")
    .replace(/(Resource|DefaultPolicy)$/, "");

/** An intrinsic in plain words: `{Data.Arn}/shop/*`, `{region}`; ARNs of this account and region without their head. */
export function readable(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(readable).join(" ");
  const [kind, inner] = Object.entries(value as Record<string, unknown>)[0] ?? [];
  if (kind === "Ref") return `{${pseudo[String(inner)] ?? named(inner)}}`;
  if (kind === "Fn::GetAtt") return `{${named((inner as string[])[0])}.${(inner as string[])[1]}}`;
  if (kind === "Fn::Join") {
    const text = ((inner as [string, unknown[]])[1] ?? []).map(readable).join((inner as [string])[0]);
    return text.replace(/^arn:\{partition\}:(\w+):\{region\}:\{account\}:/, "$1:");
  }
  return JSON.stringify(value);
}

const pseudo: Readonly<Record<string, string>> = {
  "AWS::AccountId": "account",
  "AWS::Region": "region",
  "AWS::Partition": "partition",
};

/** `when a:b is x or y` of a policy's condition, in its own words. */
const conditionText = (condition: NonNullable<Statement["Condition"]>): string =>
  Object.entries(condition)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, value]) => `${key} ${operator} ${listOf(value).map(readable).join(" or ")}`),
    )
    .join(" and ");

const principalText = (principal: unknown): string =>
  typeof principal === "string"
    ? principal
    : Object.values(principal as Record<string, unknown>)
        .flatMap((value) => listOf(value).map(readable))
        .join(" ");

/** One line. */
export function sentence({ Effect, Action, Resource, Principal, Condition }: Statement): string {
  return [
    Effect === "Deny" ? "DENIES" : "may",
    [...listOf(Action)].sort().join(" "),
    ...(Resource === undefined ? [] : [`on ${listOf(Resource).map(readable).sort().join(" ")}`]),
    ...(Principal === undefined ? [] : [`(${principalText(Principal)})`]),
    ...(Condition === undefined ? [] : [`when ${conditionText(Condition)}`]),
  ].join(" ");
}

/** Statements of all roles, of what assumes them, and of every resource with a policy of its own. */
export function statementsOf(resources: Resources): Attached[] {
  return Object.entries(resources).flatMap(([id, { Type: type, Properties: properties }]): Attached[] => {
    const whole = (document: { Statement?: Statement[] } | undefined) => document?.Statement ?? [];
    const attach = (kind: Attached["kind"], at: string, document: { Statement?: Statement[] } | undefined) =>
      whole(document).map((statement) => ({ kind, at, type, statement }));
    const inline = (properties.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[];
    const holders = listOf(properties.Roles ?? [])
      .map(readable)
      .join(" ");
    return [
      ...attach("trust", `trust of {${named(id)}}`, properties.AssumeRolePolicyDocument),
      ...inline.flatMap(({ PolicyDocument }) => attach("role", `role {${named(id)}}`, PolicyDocument)),
      ...(type === "AWS::IAM::Policy" || type === "AWS::IAM::ManagedPolicy"
        ? attach("role", `role ${holders}`, properties.PolicyDocument)
        : attach("resource", `${type} {${named(id)}}`, properties.PolicyDocument)),
      ...attach("resource", `${type} {${named(id)}}`, properties.KeyPolicy),
    ];
  });
}
