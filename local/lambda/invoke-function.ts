/** Runs one invocation from START to REPORT: lends an environment, holds the clock, writes the function's log. */
import type { FunctionErrorPayload } from "./environments/protocol.ts";
import type { EnvironmentPool } from "./environments/environment-pool.ts";
import { endLines, printedLine, startLine } from "./environments/log-lines.ts";
import type { ExecutionEnvironment, Outcome } from "./environments/execution-environment.ts";
import type { LambdaDeps, ResolvedFunction } from "./state.ts";

/** What Lambda takes and gives at most in a synchronous invocation, in bytes. */
export const longestPayload = 6 * 1024 * 1024;
const longestResponse = longestPayload + 100;

export interface InvocationResult {
  readonly payload: string;
  readonly failed: boolean;
  /** The log of this invocation, for LogType Tail. */
  readonly log: string;
}

export async function invokeFunction(
  { record, version, invokedArn }: ResolvedFunction,
  payload: string,
  requestId: string,
  { deps, pool }: { readonly deps: LambdaDeps; readonly pool: EnvironmentPool },
): Promise<InvocationResult> {
  const release = deps.clock.busy();
  try {
    return await pool.withEnvironment(record, version, async (environment) => {
      const lines: string[] = [];
      const write = (...added: string[]) => lines.push(...added);
      write(startLine({ requestId, version }));
      const outcome = await environment.invoke({
        requestId,
        payload,
        invokedArn,
        onPrint: (level, text) =>
          write(printedLine({ at: deps.clock.now(), requestId, level, text }, record.logFormat)),
      });
      const answer = checkSize(outcome.answer);
      if ("error" in answer && outcome.trouble !== undefined)
        write(troubleLine(answer.error, requestId, deps.clock.now()));
      write(...endLines({ ...outcome, requestId, version, memoryMb: record.memoryMb }));
      keepLog(environment, lines, record, deps);
      const isError = "error" in answer;
      deps.metrics?.count("AWS/Lambda", "Invocations", { FunctionName: record.name });
      if (isError) deps.metrics?.count("AWS/Lambda", "Errors", { FunctionName: record.name });
      return {
        payload: isError ? JSON.stringify(answer.error) : answer.payload,
        failed: isError,
        log: lines.join("\n"),
      };
    });
  } finally {
    release();
  }
}

function checkSize(answer: Outcome["answer"]): Outcome["answer"] {
  if ("error" in answer || Buffer.byteLength(answer.payload) <= longestResponse) return answer;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${longestResponse} bytes).`;
  return { error: { errorType: "Function.ResponseSizeTooLarge", errorMessage } };
}

const troubleLine = ({ errorMessage }: FunctionErrorPayload, requestId: string, at: number): string =>
  `${new Date(at).toISOString()} ${requestId} ${errorMessage.replace(/^RequestId: \S+ Error: /, "")}`;

/** A role that may not write logs loses them silently, in AWS as here; we at least say so in our own log. */
function keepLog(
  environment: ExecutionEnvironment,
  lines: readonly string[],
  { name, roleArn, logGroup }: ResolvedFunction["record"],
  deps: LambdaDeps,
): void {
  const { region, account } = deps;
  const resource = `arn:aws:logs:${region}:${account}:log-group:${logGroup}:log-stream:${environment.logStream}`;
  try {
    deps.authorizer.authorize({ kind: "role", roleArn, session: name }, { action: "logs:PutLogEvents", resource });
  } catch (error) {
    return deps.log(`lambda: the log of ${name} is lost: ${(error as Error).message}`);
  }
  deps.appendLog(logGroup, environment.logStream, lines);
}
