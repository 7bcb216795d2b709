/** What alarms and dashboard know of one group. */
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";

export interface Observed {
  readonly group: DatasetGroup;
  /** Begins the names of the group's alarms: unique in the account, like the state machine's name. */
  readonly prefix: string;
  readonly stateMachineArn: string;
  /** Name of the rule that starts runs on uploads. */
  readonly uploadsRule: string;
  /** Folder under lambdas/ -> name in AWS. */
  readonly functions: Readonly<Record<string, string>>;
}
