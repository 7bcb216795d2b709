/**
 * Deploys a cloud assembly to the embedded cloud, as CloudFormation would: resources in dependency order, what left the
 * template removed last.
 *
 * Invariants
 *   D1  Every start applies every resource; a provisioner changes nothing when its properties are the same.
 *   D2  What Ref gave is on disk before the next resource is touched; a deployment cut short is simply done again.
 *   D3  A resource whose Ref changed was replaced: the old one is removed once everything else is done. So is one that
 *       left the template, unless its DeletionPolicy says to retain it. Stacks that are not in the assembly stay.
 *   D4  Nothing is touched before all types and the order of all stacks are known to be good.
 */
import type { Provisioner } from "../ports/service.ts";
import type { Store, Table } from "../ports/store.ts";
import { readAssembly, type Assembly, type AssemblyStack, type TemplateResource } from "./assembly.ts";
import { resolveValue, noValue, type Scope } from "./intrinsics.ts";
import { withLocalAssets } from "./local-assets.ts";
import { sortByDependencies } from "./order.ts";
import { referencesIn } from "./references.ts";
import { createStackScope, type Deployed } from "./stack-scope.ts";
import { TemplateError } from "./template-error.ts";

export interface DeployRequest {
  /** The cloud assembly, usually `cdk.out`. */
  readonly directory: string;
  readonly provisioners: readonly Provisioner[];
  readonly store: Store;
  readonly account: string;
  readonly region: string;
  readonly log: (line: string) => void;
}

export interface DeployedStack {
  readonly name: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** By logical id. */
  readonly resources: Readonly<Record<string, DeployedResource>>;
}

export interface DeployedResource extends Deployed {
  readonly type: string;
}

/** What is remembered of a resource, under `<stack>/<logical id>`, or `…/replaced/<ref>` until it is removed. */
interface Remembered {
  readonly type: string;
  readonly physicalId: string;
  readonly retain: boolean;
}

interface Deployment extends DeployRequest {
  readonly assembly: Assembly;
  readonly byType: ReadonlyMap<string, Provisioner>;
  readonly remembered: Table<Remembered>;
  readonly exports: Map<string, unknown>;
}

/** CDK's own bookkeeping; there is nobody here to report to. */
const ignoredTypes = new Set(["AWS::CDK::Metadata"]);

export async function deployAssembly(request: DeployRequest): Promise<{ readonly stacks: readonly DeployedStack[] }> {
  const deployment: Deployment = {
    ...request,
    assembly: readAssembly(request),
    byType: new Map(request.provisioners.map((provisioner) => [provisioner.type, provisioner])),
    remembered: request.store.table<Remembered>("cloudformation/resources"),
    exports: new Map(),
  };
  assertDeployable(deployment);
  const stacks: DeployedStack[] = [];
  for (const stack of deployment.assembly.stacks) stacks.push(await deployStack(deployment, stack));
  return { stacks };
}

function assertDeployable({ assembly, byType }: Deployment): void {
  const unknown = new Map<string, string[]>();
  for (const { name, template } of assembly.stacks) {
    if (template.Transform !== undefined) {
      throw new TemplateError(`${name} uses Transform ${JSON.stringify(template.Transform)}; macros run in AWS only`);
    }
    for (const [logicalId, { Type: type }] of Object.entries(template.Resources)) {
      if (byType.has(type) || ignoredTypes.has(type)) continue;
      unknown.set(type, [...(unknown.get(type) ?? []), `${name}/${logicalId}`]);
    }
    orderOf(name, template.Resources);
  }
  if (unknown.size === 0) return;
  const lines = [...unknown].map(([type, ids]) => `  ${type}: ${ids.join(", ")}`);
  throw new TemplateError(
    `The embedded cloud does not have these resource types (docs/support.md lists what it has):\n${lines.join("\n")}`,
  );
}

/** Resources in the order in which they can be made. */
function orderOf(stackName: string, resources: Readonly<Record<string, TemplateResource>>): string[] {
  const dependencies = (logicalId: string): string[] => {
    const { DependsOn: declared = [], Properties: properties } = resources[logicalId] ?? { Properties: {} };
    const names = typeof declared === "string" ? [declared] : declared;
    const missing = names.find((name) => !Object.hasOwn(resources, name));
    if (missing !== undefined)
      throw new TemplateError(`${stackName}/${logicalId}: DependsOn names ${missing}, which is not there`);
    return [...names, ...[...referencesIn(properties)].filter((name) => Object.hasOwn(resources, name))];
  };
  return sortByDependencies(Object.keys(resources), dependencies, `Resources of ${stackName}`);
}

async function deployStack(deployment: Deployment, { name, template }: AssemblyStack): Promise<DeployedStack> {
  const resources = new Map<string, DeployedResource>();
  const { account, region, exports } = deployment;
  const scope = createStackScope({ stackName: name, template, account, region, deployed: resources, exports });
  for (const logicalId of orderOf(name, template.Resources)) {
    const resource = template.Resources[logicalId];
    if (!resource || ignoredTypes.has(resource.Type)) continue;
    if (resource.Condition !== undefined && !scope.condition(resource.Condition)) continue;
    resources.set(logicalId, await applyResource(deployment, scope, { stackName: name, logicalId, resource }));
  }
  await removeLeftOver(deployment, name, resources);
  const outputs = resolveOutputs(template, scope, name, exports);
  return { name, outputs, resources: Object.fromEntries(resources) };
}

interface ToApply {
  readonly stackName: string;
  readonly logicalId: string;
  readonly resource: TemplateResource;
}

async function applyResource(deployment: Deployment, scope: Scope, target: ToApply): Promise<DeployedResource> {
  const { stackName, logicalId, resource } = target;
  const { remembered, store, byType, assembly, log } = deployment;
  const key = `${stackName}/${logicalId}`;
  const resolved = resolveValue(resource.Properties, scope, key);
  const properties = withLocalAssets(resolved, assembly) as Record<string, unknown>;
  const before = remembered.get(key);
  const physicalId = before?.type === resource.Type ? before.physicalId : undefined;
  const provisioner = byType.get(resource.Type);
  if (!provisioner) throw new TemplateError(`${key}: no provisioner for ${resource.Type}`);
  const applied = await provisioner.apply({ stackName, logicalId, physicalId, properties }).catch((cause: unknown) => {
    throw new TemplateError(`${key} (${resource.Type}): ${(cause as Error).message}`, { cause });
  });
  const retain = /^Retain/.test(resource.DeletionPolicy ?? "");
  const now: Remembered = { type: resource.Type, physicalId: applied.physicalId ?? applied.ref, retain };
  if (before && (before.type !== now.type || before.physicalId !== now.physicalId)) {
    remembered.put(`${stackName}/replaced/${before.physicalId}`, before);
  }
  if (JSON.stringify(before) !== JSON.stringify(now)) {
    log(`${before ? "updated" : "created"} ${key} (${resource.Type})`);
    remembered.put(key, now);
  }
  await store.commit();
  return { type: resource.Type, ref: applied.ref, attributes: applied.attributes };
}

/** Replaced resources and those that left the template, the youngest first. */
async function removeLeftOver(
  { remembered, byType, store, log }: Deployment,
  stackName: string,
  resources: ReadonlyMap<string, unknown>,
): Promise<void> {
  const left = [...remembered.entries()].filter(
    ([key]) => key.startsWith(`${stackName}/`) && !resources.has(key.slice(stackName.length + 1)),
  );
  for (const [key, { type, physicalId, retain }] of left.reverse()) {
    remembered.delete(key);
    // Under a new logical id the same thing lives on.
    const inUse = [...remembered.values()].some((one) => one.type === type && one.physicalId === physicalId);
    if (!retain && !inUse) await byType.get(type)?.remove(physicalId);
    log(`${retain ? "retained" : "removed"} ${key} (${type})`);
    await store.commit();
  }
}

function resolveOutputs(
  template: AssemblyStack["template"],
  scope: Scope,
  stackName: string,
  exports: Map<string, unknown>,
): Record<string, unknown> {
  const outputs: Record<string, unknown> = {};
  for (const [name, output] of Object.entries(template.Outputs)) {
    if (output.Condition !== undefined && !scope.condition(output.Condition)) continue;
    const at = `${stackName}/Outputs/${name}`;
    const value = resolveValue(output.Value, scope, at);
    if (value === noValue) throw new TemplateError(`${at}: an output needs a value`);
    outputs[name] = value;
    if (output.Export) exports.set(String(resolveValue(output.Export.Name, scope, at)), value);
  }
  return outputs;
}
