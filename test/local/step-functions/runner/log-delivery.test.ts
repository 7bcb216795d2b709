import { describe, expect, it } from "@jest/globals";
import { AwsError } from "../../../../local/cloud/ports/aws-error.ts";
import { embedded, role, type Made } from "../support/embedded.ts";

const group = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/machine:*";
const failing = {
  QueryLanguage: "JSONata",
  StartAt: "A",
  States: { A: { Type: "Pass", Next: "F" }, F: { Type: "Fail", Error: "Bad" } },
};

async function logged(level: string, includeExecutionData: boolean, answer: (made: Made) => unknown = () => ({})) {
  const world = embedded({ answer });
  await world.invoke("CreateStateMachine", {
    name: "machine",
    roleArn: role,
    definition: JSON.stringify(failing),
    loggingConfiguration: {
      level,
      includeExecutionData,
      destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: group } }],
    },
  });
  const stateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:machine";
  await world.invoke("StartExecution", { stateMachineArn, name: "logged", input: '{"secret":1}' });
  await world.clock.idle();
  const puts = world.made.filter(({ operation }) => operation === "PutLogEvents");
  const records = puts.flatMap(({ input }) =>
    (input["logEvents"] as { message: string }[]).map(({ message }) => JSON.parse(message) as Record<string, unknown>),
  );
  return { ...world, puts, records };
}

describe("log delivery", () => {
  it.each([
    {
      level: "ALL",
      types: ["ExecutionStarted", "PassStateEntered", "PassStateExited", "FailStateEntered", "ExecutionFailed"],
    },
    { level: "ERROR", types: ["FailStateEntered", "ExecutionFailed"] },
    { level: "FATAL", types: ["ExecutionFailed"] },
    { level: "OFF", types: [] },
  ])("at $level writes $types", async ({ level, types }) => {
    const { records } = await logged(level, true);
    expect(records.map(({ type }) => type)).toEqual(types);
  });

  it("writes one stream per execution, in the machine's group", async () => {
    const { puts } = await logged("FATAL", true);
    expect(puts[0]?.input).toMatchObject({
      logGroupName: "/aws/vendedlogs/states/machine",
      logStreamName: expect.stringMatching(/^states\/machine\/2026-01-05-00-00\/[0-9a-f]{8}$/) as unknown,
    });
  });

  it("shows data only when asked to", async () => {
    const [withData] = (await logged("ALL", true)).records;
    const [without] = (await logged("ALL", false)).records;
    expect(withData).toEqual({
      id: "1",
      type: "ExecutionStarted",
      details: { input: '{"secret":1}', inputDetails: { truncated: false }, roleArn: role },
      previous_event_id: "0",
      event_timestamp: String(Date.UTC(2026, 0, 5)),
      execution_arn: "arn:aws:states:us-east-1:000000000000:execution:machine:logged",
      redrive_count: "0",
    });
    expect(without?.["details"]).toEqual({ roleArn: role });
  });

  it("never stands in the way: a group that is gone is a line in the log", async () => {
    const world = await logged("FATAL", true, () => {
      throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
    });
    expect(world.logged).toHaveLength(1);
    expect(world.logged[0]).toContain("its log could not be written to /aws/vendedlogs/states/machine");
  });
});
