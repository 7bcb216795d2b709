/** What is deployed in a cloud, as commands need it: read from the outputs of the stack, the same here and on AWS. */
import * as z from "zod";

/** Answer of /_outrank/deployment. */
const Answer = z.object({
  region: z.string(),
  account: z.string(),
  stacks: z.array(z.object({ name: z.string(), outputs: z.record(z.string(), z.string()) })),
});
export type DeploymentAnswer = z.infer<typeof Answer>;

export interface DeployedGroup {
  readonly name: string;
  readonly stateMachineArn: string;
}

export interface Deployed {
  readonly region: string;
  readonly account: string;
  /** Empty when no stack is deployed. */
  readonly bucket: string;
  readonly groups: readonly DeployedGroup[];
}

/** The stack writes `BucketName` once and `Groups`, JSON of group name -> state machine ARN. */
export function readDeployment(answer: unknown): Deployed {
  const { region, account, stacks } = Answer.parse(answer);
  const outputs: Record<string, string> = Object.assign({}, ...stacks.map((stack) => stack.outputs));
  const machines = z.record(z.string(), z.string()).parse(JSON.parse(outputs["Groups"] ?? "{}"));
  return {
    region,
    account,
    bucket: outputs["BucketName"] ?? "",
    groups: Object.entries(machines).map(([name, stateMachineArn]) => ({ name, stateMachineArn })),
  };
}

/** What `npx cdk deploy --outputs-file` writes: stack name -> outputs. */
export const OutputsFile = z.record(z.string(), z.record(z.string(), z.string()));

/** Region and account stand in the machines' ARNs. Null when there is no stack of ours in the file. */
export function readOutputs(file: z.infer<typeof OutputsFile>): Deployed | null {
  const stacks = Object.entries(file)
    .filter(([, outputs]) => "Groups" in outputs && "BucketName" in outputs)
    .map(([name, outputs]) => ({ name, outputs }));
  const [, region, account] = /arn:[\w-]+:states:([\w-]+):(\d+):/.exec(stacks[0]?.outputs["Groups"] ?? "") ?? [];
  return region === undefined || account === undefined ? null : readDeployment({ region, account, stacks });
}
