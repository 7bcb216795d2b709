/** A state machine as it is stored: what the API was given, and which revision of it is current. */
import type { CreateStateMachineInput, StateMachineType } from "@aws-sdk/client-sfn";

export interface StateMachineRow {
  readonly arn: string;
  readonly name: string;
  /** Key in the table of definitions. */
  readonly definitionKey: string;
  readonly roleArn: string;
  readonly type: StateMachineType;
  readonly creationDate: number;
  readonly updateDate: number;
  /** Absent until the first update that changes something (fact 36). */
  readonly revisionId?: string;
  readonly loggingConfiguration: NonNullable<CreateStateMachineInput["loggingConfiguration"]>;
  readonly tracingConfiguration: NonNullable<CreateStateMachineInput["tracingConfiguration"]>;
  readonly tags: Readonly<Record<string, string>>;
  readonly versions: readonly VersionRow[];
  /** The number of the version published last; never used again after a deletion (fact 41). */
  readonly lastVersion: number;
}

/** A numbered version: the machine as it was. */
export interface VersionRow {
  readonly number: number;
  readonly definitionKey: string;
  readonly roleArn: string;
  readonly revisionId?: string;
  readonly description?: string;
  readonly creationDate: number;
  readonly loggingConfiguration: StateMachineRow["loggingConfiguration"];
  readonly tracingConfiguration: StateMachineRow["tracingConfiguration"];
}
