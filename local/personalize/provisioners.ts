/**
 * The Personalize resources that a CloudFormation template can hold. Applying the same properties again changes nothing;
 * changed properties are refused, since none of these can be changed in place.
 */
import type { Operation, Provisioner } from "../cloud/ports/service.ts";
import { physicalName } from "../cloud/ports/physical-name.ts";
import { arnOf, tailOf } from "./arns.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { LifecycleName } from "./settings.ts";

type Operations = Readonly<Record<string, Operation>>;
type Properties = Readonly<Record<string, unknown>>;

interface ProvisionedKind {
  readonly type: string;
  readonly kind: "datasetGroup" | "schema" | "dataset" | "solution";
  readonly create: string;
  readonly remove: string;
  /** The member of answers and of GetAtt, e.g. `datasetGroupArn` and `DatasetGroupArn`. */
  readonly arnMember: string;
  readonly properties: readonly string[];
  /** The ARN that these properties lead to. */
  tail(properties: Properties): string;
}

const nameOf = ({ Name }: Properties) => String(Name);

const provisionedKinds: readonly ProvisionedKind[] = [
  {
    type: "AWS::Personalize::DatasetGroup",
    kind: "datasetGroup",
    create: "CreateDatasetGroup",
    remove: "DeleteDatasetGroup",
    arnMember: "datasetGroupArn",
    properties: ["Name", "Domain", "RoleArn", "KmsKeyArn"],
    tail: nameOf,
  },
  {
    type: "AWS::Personalize::Schema",
    kind: "schema",
    create: "CreateSchema",
    remove: "DeleteSchema",
    arnMember: "schemaArn",
    properties: ["Name", "Schema", "Domain"],
    tail: nameOf,
  },
  {
    type: "AWS::Personalize::Dataset",
    kind: "dataset",
    create: "CreateDataset",
    remove: "DeleteDataset",
    arnMember: "datasetArn",
    properties: ["Name", "SchemaArn", "DatasetGroupArn", "DatasetType"],
    tail: ({ DatasetGroupArn, DatasetType }) =>
      `${tailOf(String(DatasetGroupArn))}/${String(DatasetType).toUpperCase()}`,
  },
  {
    type: "AWS::Personalize::Solution",
    kind: "solution",
    create: "CreateSolution",
    remove: "DeleteSolution",
    arnMember: "solutionArn",
    properties: ["Name", "DatasetGroupArn", "RecipeArn", "EventType", "PerformAutoML", "PerformHPO", "SolutionConfig"],
    tail: nameOf,
  },
];

export const createProvisioners = (plane: ControlPlane, operations: Operations): Provisioner[] =>
  provisionedKinds.map((described) => provisionerOf(plane, operations, described));

function provisionerOf(plane: ControlPlane, operations: Operations, described: ProvisionedKind): Provisioner {
  const { type, kind, create, remove, arnMember } = described;
  const call = (operation: string, input: unknown) =>
    operations[operation]?.(input, {
      caller: { kind: "account" },
      requestId: plane.ids.uuid(),
      account: plane.account,
      region: plane.region,
    });
  return {
    type,
    async apply({ stackName, logicalId, physicalId, properties: given }) {
      const properties = { Name: physicalName(stackName, logicalId, 63), ...given };
      assertKnown(described, logicalId, properties);
      const arn = arnOf(plane, kind, described.tail(properties));
      const input = inputOf(properties);
      const existing = plane.tables[kind].get(arn);
      if (physicalId !== undefined && physicalId !== arn) {
        throw new Error(`${logicalId} (${type}) was ${physicalId} and cannot become ${arn}: delete the old one first.`);
      }
      if (existing) assertSame(logicalId, arn, input, existing);
      else await call(create, input);
      if (kind !== "schema") await plane.transitions.settled(`${kind}.create` satisfies LifecycleName, arn);
      return { ref: arn, attributes: { [arnMember.charAt(0).toUpperCase() + arnMember.slice(1)]: arn } };
    },
    async remove(physicalId) {
      if (!plane.tables[kind].has(physicalId)) return;
      await call(remove, { [arnMember]: physicalId });
      if (kind !== "schema") await plane.transitions.settled(`${kind}.delete` satisfies LifecycleName, physicalId);
    },
  };
}

function assertKnown({ type, properties: known }: ProvisionedKind, logicalId: string, properties: Properties): void {
  const stranger = Object.keys(properties).find((name) => !known.includes(name));
  if (stranger === undefined) return;
  throw new Error(`${logicalId} (${type}) has the property ${stranger}; known here: ${known.join(", ")}.`);
}

/** Template properties as the API spells them: the first letter small, also in nested objects, not inside parameter maps. */
function inputOf(properties: Properties): Record<string, unknown> {
  const renamed = Object.entries(properties).map(([name, value]) => {
    const isParameterMap = /Parameters$/.test(name);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    const member = name === "HpoConfig" ? "hpoConfig" : name.charAt(0).toLowerCase() + name.slice(1);
    return [member, isObject && !isParameterMap ? inputOf(value as Properties) : value];
  });
  return Object.fromEntries(renamed) as Record<string, unknown>;
}

function assertSame(logicalId: string, arn: string, input: Record<string, unknown>, existing: object): void {
  const row = existing as Record<string, unknown>;
  const normal = (member: string, value: unknown) =>
    JSON.stringify(member === "datasetType" ? String(value).toUpperCase() : value);
  const changed = Object.keys(input).find((member) => normal(member, input[member]) !== normal(member, row[member]));
  if (changed === undefined) return;
  throw new Error(
    `${logicalId} exists as ${arn} with another ${changed}, which cannot be changed: give it a new name.`,
  );
}
