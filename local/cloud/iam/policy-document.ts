/**
 * Policy documents, parsed once: lists where IAM allows a single value, patterns compiled, faults named. The rest of
 * this folder sees only `Policy`, never raw JSON.
 */
import { AwsError } from "../ports/aws-error.ts";
import { compileGlob, type Glob } from "./glob.ts";
import { parseConditions, type Condition } from "./conditions.ts";

export type PrincipalKind = "AWS" | "Service" | "Federated" | "CanonicalUser";

export interface PrincipalEntry {
  /** "*" stands for everyone, written `"Principal": "*"` or `{"AWS": "*"}`. */
  readonly kind: PrincipalKind;
  readonly value: string;
}

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: "Allow" | "Deny";
  /** Absent in identity policies. */
  readonly principals: { readonly negated: boolean; readonly entries: readonly PrincipalEntry[] } | undefined;
  readonly actions: { readonly negated: boolean; readonly globs: readonly Glob[] };
  /** Absent in trust policies, which speak about the role itself. */
  readonly resources: { readonly negated: boolean; readonly globs: readonly Glob[] } | undefined;
  readonly conditions: readonly Condition[];
}

export interface Policy {
  readonly statements: readonly Statement[];
}

export class MalformedPolicyDocumentException extends AwsError {
  constructor(message: string, options?: ErrorOptions) {
    super("MalformedPolicyDocumentException", message, options);
  }
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @param document JSON text or the parsed object, as templates and APIs give it. */
export function parsePolicy(document: unknown): Policy {
  const parsed = typeof document === "string" ? parseJson(document) : document;
  if (!isObject(parsed)) throw new MalformedPolicyDocumentException("A policy document must be a JSON object");
  const { Version: version = "2008-10-17", Statement: statement } = parsed;
  if (version !== "2012-10-17" && version !== "2008-10-17") {
    throw new MalformedPolicyDocumentException(`Policy version ${String(version)} is not 2012-10-17 or 2008-10-17`);
  }
  const statements = Array.isArray(statement) ? statement : [statement];
  return { statements: statements.map((one, index) => parseStatement(one, index, version === "2012-10-17")) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MalformedPolicyDocumentException("A policy document must be valid JSON", { cause });
  }
}

function parseStatement(raw: unknown, index: number, hasVariables: boolean): Statement {
  const fault = (problem: string) => new MalformedPolicyDocumentException(`Statement ${index + 1}: ${problem}`);
  if (!isObject(raw)) throw fault("must be an object");
  const { Effect: effect } = raw;
  if (effect !== "Allow" && effect !== "Deny") throw fault(`Effect is ${JSON.stringify(effect)}, not Allow or Deny`);
  const actions = either(raw, "Action", "NotAction", fault);
  if (!actions) throw fault("neither Action nor NotAction is given");
  const resources = either(raw, "Resource", "NotResource", fault);
  const principals = either(raw, "Principal", "NotPrincipal", fault);
  return {
    sid: typeof raw.Sid === "string" ? raw.Sid : undefined,
    effect,
    principals: principals && { negated: principals.negated, entries: parsePrincipals(principals.value, fault) },
    actions: {
      negated: actions.negated,
      globs: texts(actions.value, fault).map((text) => compileGlob(text, { kind: "action", hasVariables: false })),
    },
    resources: resources && {
      negated: resources.negated,
      globs: texts(resources.value, fault).map((text) => compileGlob(text, { kind: "arn", hasVariables })),
    },
    conditions: parseConditions(raw.Condition, hasVariables, fault),
  };
}

type Fault = (problem: string) => Error;

function either(raw: Json, plain: string, negated: string, fault: Fault) {
  if (raw[plain] !== undefined && raw[negated] !== undefined) throw fault(`${plain} and ${negated} exclude each other`);
  if (raw[plain] !== undefined) return { negated: false, value: raw[plain] };
  if (raw[negated] !== undefined) return { negated: true, value: raw[negated] };
  return undefined;
}

/** A text or a list of texts, as a list. */
function texts(value: unknown, fault: Fault): string[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  for (const item of list) if (typeof item !== "string") throw fault(`${JSON.stringify(item)} must be a string`);
  return list as string[];
}

function parsePrincipals(value: unknown, fault: Fault): PrincipalEntry[] {
  if (value === "*") return [{ kind: "AWS", value: "*" }];
  if (!isObject(value)) throw fault(`Principal must be "*" or an object, not ${JSON.stringify(value)}`);
  return Object.entries(value).flatMap(([kind, names]) => {
    if (kind !== "AWS" && kind !== "Service" && kind !== "Federated" && kind !== "CanonicalUser") {
      throw fault(`Principal type ${kind} is not AWS, Service, Federated or CanonicalUser`);
    }
    return texts(names, fault).map((name) => ({ kind, value: name }));
  });
}
