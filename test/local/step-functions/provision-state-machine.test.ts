import { describe, expect, it } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsError } from "../../../local/cloud/ports/aws-error.ts";
import { embedded, role } from "./support/embedded.ts";

const definition =
  '{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":"${Word}","End":true}}}';
const base = { RoleArn: role, DefinitionString: definition, DefinitionSubstitutions: { Word: "hello" } };

function provisioned() {
  const world = embedded();
  const [provisioner] = world.provisioners;
  if (!provisioner) throw new Error("no provisioner");
  const apply = (properties: object, physicalId?: string) =>
    provisioner.apply({ stackName: "Stack", logicalId: "Machine", physicalId, properties: { ...properties } });
  const describeMachine = (stateMachineArn: string) => world.invoke("DescribeStateMachine", { stateMachineArn });
  return { ...world, provisioner, apply, describeMachine };
}

describe("AWS::StepFunctions::StateMachine", () => {
  it("substitutes, names the machine as CloudFormation would, and refers to it by ARN", async () => {
    const { apply, describeMachine } = provisioned();
    const { ref, attributes } = await apply({
      ...base,
      LoggingConfiguration: { Level: "ERROR", IncludeExecutionData: "false" },
      TracingConfiguration: { Enabled: "true" },
    });
    expect(ref).toMatch(/^arn:aws:states:us-east-1:000000000000:stateMachine:Stack-Machine-[0-9A-F]{12}$/);
    expect(attributes).toEqual({ Arn: ref, Name: ref.split(":").at(-1), StateMachineRevisionId: "INITIAL" });
    expect(await describeMachine(ref)).toMatchObject({
      definition: definition.replace("${Word}", "hello"),
      loggingConfiguration: { level: "ERROR", includeExecutionData: false },
      tracingConfiguration: { enabled: true },
    });
  });

  it("reads a definition that is an asset of the template", async () => {
    const folder = mkdtempSync(join(tmpdir(), "outrank-asl-"));
    try {
      const localAsset = join(folder, "machine.asl.json");
      writeFileSync(localAsset, definition);
      const { apply, describeMachine } = provisioned();
      const { DefinitionString: _inline, ...rest } = base;
      const { ref } = await apply({ ...rest, DefinitionS3Location: { Bucket: "b", Key: "k", localAsset } });
      expect((await describeMachine(ref)).definition).toContain('"hello"');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("changes nothing for the same properties, makes a revision for others", async () => {
    const { apply, describeMachine } = provisioned();
    const { ref } = await apply(base);
    await apply(base, ref);
    expect(await describeMachine(ref)).not.toHaveProperty("revisionId");
    const { attributes } = await apply({ ...base, DefinitionSubstitutions: { Word: "bye" } }, ref);
    expect((await describeMachine(ref)).revisionId).toBe(attributes["StateMachineRevisionId"]);
  });

  it("replaces a machine that got another name, and removes it when asked", async () => {
    const { apply, invoke, provisioner } = provisioned();
    const first = await apply({ ...base, StateMachineName: "one" });
    const second = await apply({ ...base, StateMachineName: "two" }, first.ref);
    const names = async () =>
      (await invoke("ListStateMachines")).stateMachines.map(({ name }: { name: string }) => name);
    expect(await names()).toEqual(["two"]);
    await provisioner.remove(second.ref);
    expect(await names()).toEqual([]);
  });

  it("refuses a definition that is nowhere to be found", async () => {
    const { apply } = provisioned();
    await expect(apply({ RoleArn: role, DefinitionS3Location: { Bucket: "b", Key: "k" } })).rejects.toThrow(AwsError);
  });
});
