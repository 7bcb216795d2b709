/** Task tokens: opaque to callers, to us the address of one attempt of one task, so that no index of tokens is kept. */
export interface TokenAddress {
  readonly executionArn: string;
  readonly thread: string;
  readonly attempt: string;
}

export const taskToken = (executionArn: string, thread: string, attempt: string): string =>
  Buffer.from([executionArn, thread, attempt].join("\n")).toString("base64");

/** undefined when the text is no token of ours. */
export function parseTaskToken(token: string): TokenAddress | undefined {
  const [executionArn, thread, attempt, ...rest] = Buffer.from(token, "base64").toString("utf8").split("\n");
  if (!executionArn?.startsWith("arn:") || !thread || !attempt || rest.length > 0) return undefined;
  return { executionArn, thread, attempt };
}
