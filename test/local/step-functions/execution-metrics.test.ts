import { describe, expect, it } from "@jest/globals";
import type { Progress } from "../../../local/cloud/ports/service.ts";
import { countingEnds } from "../../../local/step-functions/execution-metrics.ts";

const executionArn = "arn:aws:states:us-east-1:000000000000:execution:outrank-shop:one";

describe("the count of executions", () => {
  it.each([
    { status: "SUCCEEDED", metric: "ExecutionsSucceeded" },
    { status: "FAILED", metric: "ExecutionsFailed" },
    { status: "TIMED_OUT", metric: "ExecutionsTimedOut" },
    { status: "ABORTED", metric: "ExecutionsAborted" },
  ])("is $metric of the machine for one that ended as $status, and the news go on", ({ status, metric }) => {
    const [counted, passedOn]: [unknown[], Progress[]] = [[], []];
    const count = (...one: unknown[]) => void counted.push(one);
    const listener = countingEnds((progress) => void passedOn.push(progress), { count });

    listener({ kind: "state-entered", executionArn, state: "Plan the run", at: 1 });
    listener({ kind: "execution-ended", executionArn, status, at: 2 });

    const machine = "arn:aws:states:us-east-1:000000000000:stateMachine:outrank-shop";
    expect(counted).toEqual([["AWS/States", metric, { StateMachineArn: machine }]]);
    expect(passedOn).toHaveLength(2);
  });
});
