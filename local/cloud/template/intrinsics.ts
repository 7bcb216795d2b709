/**
 * CloudFormation's intrinsic functions: a template's value in, a plain value out. Where a name comes from (a parameter,
 * a deployed resource, another stack) is the scope's business.
 *
 * Only an object with one single key is a function; `Condition` is one only inside conditions, because IAM statements
 * have a member of that name.
 */
import { TemplateError } from "./template-error.ts";

export interface Scope {
  /** Value of a parameter, pseudo parameter or resource. */
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  mapping(map: string, first: string, second: string): unknown;
  exported(name: string): unknown;
  readonly region: string;
}

/** What AWS::NoValue becomes; members and items that are it vanish. */
export const noValue = Symbol("AWS::NoValue");

type Intrinsic = (argument: unknown, scope: Scope, at: string) => unknown;

export function resolveValue(value: unknown, scope: Scope, at: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item, i) => resolveValue(item, scope, `${at}[${i}]`)).filter((item) => item !== noValue);
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only && isFunctionName(only[0])) {
    const [name, argument] = only;
    const intrinsic = intrinsics[name];
    if (!intrinsic) throw new TemplateError(`${at}: ${name} is not supported by the embedded cloud${hintFor(name)}`);
    return intrinsic(argument, scope, `${at}/${name}`);
  }
  const resolved = entries.map(([key, member]) => [key, resolveValue(member, scope, `${at}/${key}`)] as const);
  return Object.fromEntries(resolved.filter(([, member]) => member !== noValue));
}

/** The value of a condition, with `{"Condition": name}` allowed. */
export function resolveCondition(value: unknown, scope: Scope, at: string): boolean {
  if (isSingle(value, "Condition")) return scope.condition(asText(value.Condition, at));
  const resolved = resolveValue(value, scope, at);
  if (resolved === true || resolved === "true") return true;
  if (resolved === false || resolved === "false") return false;
  throw new TemplateError(`${at}: a condition must be true or false, not ${JSON.stringify(resolved)}`);
}

const isFunctionName = (key: string) => key === "Ref" || key.startsWith("Fn::");

function isSingle<K extends string>(value: unknown, key: K): value is Record<K, unknown> {
  return typeof value === "object" && value !== null && Object.keys(value).length === 1 && key in value;
}

const hints: Readonly<Record<string, string>> = {
  "Fn::Transform": ": it runs a macro in AWS; expand it before synthesis",
  "Fn::Cidr": ": there are no networks here; write the ranges out",
  "Fn::ForEach": ": it needs the language-extensions macro; write the copies out",
};
const hintFor = (name: string): string => hints[name] ?? "";

function asText(value: unknown, at: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new TemplateError(`${at}: expected a text, found ${describe(value)}`);
}

const describe = (value: unknown) => (value === noValue ? "AWS::NoValue" : (JSON.stringify(value) ?? "nothing"));

function asList(value: unknown, at: string): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new TemplateError(`${at}: expected a list, found ${describe(value)}`);
}

/** The argument list of a function, unresolved, of a known length. */
function args(argument: unknown, count: number, at: string): unknown[] {
  const list = asList(argument, at);
  if (list.length !== count) throw new TemplateError(`${at}: takes ${count} arguments, found ${list.length}`);
  return list;
}

function getAtt(argument: unknown, scope: Scope, at: string): unknown {
  if (typeof argument === "string") {
    const dot = argument.indexOf(".");
    if (dot < 0) throw new TemplateError(`${at}: "${argument}" must be <resource>.<attribute>`);
    return scope.attribute(argument.slice(0, dot), argument.slice(dot + 1));
  }
  const [logicalId, attribute] = args(argument, 2, at);
  return scope.attribute(asText(logicalId, at), asText(resolveValue(attribute, scope, at), at));
}

function substitute(argument: unknown, scope: Scope, at: string): string {
  const [template, map] = Array.isArray(argument) ? args(argument, 2, at) : [argument, {}];
  const values = resolveValue(map, scope, at) as Record<string, unknown>;
  return asText(template, at).replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name.startsWith("!")) return `\${${name.slice(1)}}`;
    if (Object.hasOwn(values, name)) return asText(values[name], at);
    const value = !name.startsWith("AWS::") && name.includes(".") ? getAtt(name, scope, at) : scope.ref(name);
    return asText(value, `${at} \${${name}}`);
  });
}

function join(argument: unknown, scope: Scope, at: string): string {
  const [delimiter, list] = args(argument, 2, at);
  const items = asList(resolveValue(list, scope, at), at);
  return items.map((item) => asText(item, at)).join(asText(delimiter, at));
}

function select(argument: unknown, scope: Scope, at: string): unknown {
  const [index, list] = args(argument, 2, at);
  const at0 = Number(asText(resolveValue(index, scope, at), at));
  const items = asList(resolveValue(list, scope, at), at);
  if (!Number.isInteger(at0) || at0 < 0 || at0 >= items.length) {
    throw new TemplateError(`${at}: index ${String(at0)} is outside a list of ${items.length}`);
  }
  return items[at0];
}

function split(argument: unknown, scope: Scope, at: string): string[] {
  const [delimiter, text] = args(argument, 2, at);
  return asText(resolveValue(text, scope, at), at).split(asText(delimiter, at));
}

function choose(argument: unknown, scope: Scope, at: string): unknown {
  const [condition, yes, no] = args(argument, 3, at);
  return resolveValue(scope.condition(asText(condition, at)) ? yes : no, scope, at);
}

function findInMap(argument: unknown, scope: Scope, at: string): unknown {
  const [map, first, second] = args(argument, 3, at).map((part) => asText(resolveValue(part, scope, at), at));
  return scope.mapping(map ?? "", first ?? "", second ?? "");
}

function equals(argument: unknown, scope: Scope, at: string): boolean {
  const [left, right] = args(argument, 2, at).map((side) => resolveValue(side, scope, at));
  const plain = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return plain(left) === plain(right);
}

function conditions(argument: unknown, scope: Scope, at: string): boolean[] {
  const list = asList(argument, at);
  if (list.length < 2 || list.length > 10) throw new TemplateError(`${at}: takes 2 to 10 conditions`);
  return list.map((item) => resolveCondition(item, scope, at));
}

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope, at) => (name === "AWS::NoValue" ? noValue : scope.ref(asText(name, at))),
  "Fn::GetAtt": getAtt,
  "Fn::Sub": substitute,
  "Fn::Join": join,
  "Fn::Select": select,
  "Fn::Split": split,
  "Fn::If": choose,
  "Fn::FindInMap": findInMap,
  "Fn::ImportValue": (name, scope, at) => scope.exported(asText(resolveValue(name, scope, at), at)),
  "Fn::GetAZs": (region, scope, at) => {
    const name = asText(resolveValue(region, scope, at), at) || scope.region;
    return ["a", "b", "c"].map((zone) => `${name}${zone}`);
  },
  "Fn::Base64": (value, scope, at) =>
    Buffer.from(asText(resolveValue(value, scope, at), at), "utf8").toString("base64"),
  "Fn::Equals": equals,
  "Fn::Not": (list, scope, at) => !resolveCondition(args(list, 1, at)[0], scope, at),
  "Fn::And": (list, scope, at) => conditions(list, scope, at).every(Boolean),
  "Fn::Or": (list, scope, at) => conditions(list, scope, at).some(Boolean),
};
