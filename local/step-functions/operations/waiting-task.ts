/** The task that waits for a token, or the service's refusal. */
import { invalidToken, taskTimedOut } from "../errors.ts";
import { parseTaskToken, type TokenAddress } from "../interpreter/task-token.ts";
import type { OperationDeps } from "./deps.ts";

export function waitingTask({ runner }: Pick<OperationDeps, "runner">, token: string): TokenAddress {
  const address = parseTaskToken(token);
  if (!address) throw invalidToken();
  const phase = runner.thread(address.executionArn, address.thread)?.phase;
  if (phase?.kind !== "calling" || phase.call.attempt !== address.attempt) throw taskTimedOut();
  return address;
}
