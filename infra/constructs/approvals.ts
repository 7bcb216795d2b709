/** Where the link in a notice leads: one page that asks whether a model may go live, and takes the answer. */
import { Construct } from "constructs";
import { handlerFolder } from "../project-folder.ts";
import type { GroupArns } from "./group-arns.ts";
import { HttpApi } from "./http-api.ts";
import { PipelineFunction } from "./pipeline-function.ts";

export interface ApprovalsProps {
  readonly arns: GroupArns;
  /** Folder of the bundled Lambdas. */
  readonly handlers: string;
}

const capability =
  "The task token in the link is the capability: it answers one question, once, and only who was sent the notice has it; " +
  "a person with a mail program has no AWS credentials to sign with";

export class Approvals extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { arns, handlers }: ApprovalsProps) {
    super(scope, id);
    const name = "answer-an-approval";
    const to = new PipelineFunction(this, "AnswerAnApproval", {
      ...{ name, codeFolder: handlerFolder(handlers, name) },
      permissions: [{ actions: ["states:SendTaskSuccess"], resources: [arns.stateMachine] }],
    });
    const api = new HttpApi(this, "Api", {
      name: `${arns.stateMachineName}-approvals`,
      routes: ["GET", "POST"].map((method) => ({ key: `${method} /approvals`, to, openBecause: capability })),
      requestsPerSecond: 5,
    });
    this.url = `${api.url}/approvals`;
  }
}
