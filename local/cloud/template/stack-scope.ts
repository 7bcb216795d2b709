/** The names of one stack while it is deployed: parameters, pseudo parameters, mappings, conditions, resources so far. */
import type { Template } from "./assembly.ts";
import { resolveCondition, type Scope } from "./intrinsics.ts";
import { TemplateError } from "./template-error.ts";

export interface Deployed {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface StackPlace {
  readonly stackName: string;
  readonly template: Template;
  readonly account: string;
  readonly region: string;
  readonly deployed: ReadonlyMap<string, Deployed>;
  readonly exports: ReadonlyMap<string, unknown>;
}

/** CDK templates demand a bootstrap of at least version 6; nothing here has to be bootstrapped, so any later one will do. */
const bootstrapVersion = "28";

export function createStackScope(place: StackPlace): Scope {
  const { template, stackName } = place;
  const known = new Map<string, boolean | "pending">();

  function condition(name: string): boolean {
    const value = known.get(name);
    if (value === "pending") throw new TemplateError(`${stackName}: condition ${name} depends on itself`);
    if (value !== undefined) return value;
    if (!Object.hasOwn(template.Conditions, name)) throw new TemplateError(`${stackName}: no condition ${name}`);
    known.set(name, "pending");
    const result = resolveCondition(template.Conditions[name], scope, `${stackName}/Conditions/${name}`);
    known.set(name, result);
    return result;
  }

  const scope: Scope = {
    region: place.region,
    condition,
    ref: (name) => pseudo(name, place) ?? parameter(name, place) ?? resource(name, place, condition).ref,
    attribute: (logicalId, attribute) =>
      attributeOf(resource(logicalId, place, condition), logicalId, attribute, place),
    mapping(map, first, second) {
      const value = template.Mappings[map]?.[first]?.[second];
      if (value === undefined) throw new TemplateError(`${stackName}: no mapping ${map}/${first}/${second}`);
      return value;
    },
    exported(name) {
      if (place.exports.has(name)) return place.exports.get(name);
      const names = [...place.exports.keys()].join(", ") || "none";
      throw new TemplateError(`${stackName}: no earlier stack exports ${name}; exports so far: ${names}`);
    },
  };
  return scope;
}

function pseudo(name: string, { account, region, stackName }: StackPlace): unknown {
  switch (name) {
    case "AWS::AccountId":
      return account;
    case "AWS::Region":
      return region;
    case "AWS::Partition":
      return "aws";
    case "AWS::URLSuffix":
      return "amazonaws.com";
    case "AWS::StackName":
      return stackName;
    case "AWS::StackId":
      return `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/local`;
    case "AWS::NotificationARNs":
      return [];
    default:
      return undefined;
  }
}

function parameter(name: string, { template, stackName }: StackPlace): unknown {
  const declared = template.Parameters[name];
  if (!declared) return undefined;
  if (name === "BootstrapVersion") return bootstrapVersion;
  if (declared.Type.startsWith("AWS::SSM::")) {
    throw new TemplateError(`${stackName}: parameter ${name} reads SSM, which the embedded cloud does not have`);
  }
  if (declared.Default === undefined) {
    throw new TemplateError(`${stackName}: parameter ${name} has no default; give it one, nobody is asked here`);
  }
  const isList = declared.Type === "CommaDelimitedList" || declared.Type.startsWith("List<");
  return isList
    ? String(declared.Default as string | number)
        .split(",")
        .map((item) => item.trim())
    : declared.Default;
}

function resource(name: string, place: StackPlace, condition: (name: string) => boolean): Deployed {
  const found = place.deployed.get(name);
  if (found) return found;
  const declared = place.template.Resources[name];
  if (!declared) throw new TemplateError(`${place.stackName}: nothing in the template is called ${name}`);
  const { Condition: when } = declared;
  const why = when !== undefined && !condition(when) ? `its condition ${when} is false` : "it is not deployed yet";
  throw new TemplateError(`${place.stackName}: ${name} cannot be referenced: ${why}`);
}

function attributeOf({ attributes }: Deployed, id: string, attribute: string, { stackName, template }: StackPlace) {
  if (Object.hasOwn(attributes, attribute)) return attributes[attribute];
  const type = template.Resources[id]?.Type ?? "";
  const known = Object.keys(attributes).join(", ") || "none";
  throw new TemplateError(`${stackName}: ${id} (${type}) has no attribute ${attribute} here; it has: ${known}`);
}
