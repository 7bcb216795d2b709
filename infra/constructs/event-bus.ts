/** The bus on which Outrank tells other systems what became of its runs; docs/events.md has what is said. */
import { EventBus } from "aws-cdk-lib/aws-events";
import { Construct } from "constructs";

export interface RunEventsProps {
  /** Name of the bus. */
  readonly name: string;
}

export class RunEvents extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, { name }: RunEventsProps) {
    super(scope, id);
    this.bus = new EventBus(this, "Bus", {
      eventBusName: name,
      description: "Outrank: RunFinished, RunFailed, ModelPromoted, ModelKept, StageFinished",
    });
  }
}
