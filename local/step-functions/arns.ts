/** Step Functions' ARNs: made, and read back at the API's border (fact 35). */
import { AwsError } from "../cloud/ports/aws-error.ts";

export interface Place {
  readonly account: string;
  readonly region: string;
}

export const machineArn = ({ account, region }: Place, name: string) =>
  `arn:aws:states:${region}:${account}:stateMachine:${name}`;

export const executionArnOf = (ofMachine: string, name: string) =>
  `${ofMachine.replace(":stateMachine:", ":execution:")}:${name}`;

export const invalidArn = (text: string) => new AwsError("InvalidArn", `Invalid Arn: 'Invalid ARN prefix: ${text}'`);

export interface MachineReference {
  readonly machineArn: string;
  readonly name: string;
  /** The number of a version or the name of an alias, when the ARN ends in one. */
  readonly qualifier: string | undefined;
}

/** Reads a state machine's, a version's or an alias's ARN. */
export function parseMachineArn(arn: string): MachineReference {
  const match = /^(arn:aws[\w-]*:states:[^:]*:\d{12}:stateMachine:([^:]+))(?::([^:]+))?$/.exec(arn);
  if (!match) throw invalidArn(arn);
  const [, machine = "", name = "", qualifier] = match;
  return { machineArn: machine, name, qualifier };
}

/** Refuses what is no execution's ARN. */
export function checkExecutionArn(arn: string): string {
  if (!/^arn:aws[\w-]*:states:[^:]*:\d{12}:(execution|express):[^:]+:[^:]+(:[^:]+)?$/.test(arn)) throw invalidArn(arn);
  return arn;
}

/** Names of machines and executions: 1 to 80 characters, none that URLs or shells read otherwise. */
export function checkName(name: string): string {
  if (name.length < 1 || name.length > 80 || /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/.test(name)) {
    throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
  }
  return name;
}
