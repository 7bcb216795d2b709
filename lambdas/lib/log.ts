/**
 * The one logger of all functions: a line of JSON for each call, with which run it was and how it went. Nothing of what
 * was handed in or out is written, because it may name users and items; reasons are in the run's record.
 */
import * as z from "zod";

const Named = z.object({ id: z.string(), group: z.string() });

/** Where calls of the machine say which run they are for. */
const Call = z.object({
  run: Named.nullish(),
  group: z.string().nullish(),
  execution: z.object({ arn: z.string() }).nullish(),
});

const Context = z.object({ awsRequestId: z.string() });

interface Line {
  readonly level: "INFO" | "ERROR";
  readonly state: string;
  readonly message: "done" | "failed";
  readonly group: string | null;
  readonly runId: string | null;
  readonly execution: string | null;
  readonly requestId: string | null;
  /** The error's name. Its message may quote data, so that it is left out. */
  readonly error?: string;
}

/** Planning answers the run that the other states are called with. */
function identityOf(
  event: unknown,
  answer: unknown,
  ownGroup: string | null,
): Pick<Line, "group" | "runId" | "execution"> {
  const call = Call.safeParse(event).data;
  const run = call?.run ?? Named.safeParse(answer).data;
  return {
    group: run?.group ?? call?.group ?? ownGroup,
    runId: run?.id ?? null,
    execution: call?.execution?.arn ?? null,
  };
}

/**
 * @param state what the function is called in lambdas/.
 * @param ownGroup for calls that name no run; a function works for one group.
 */
export function logged<Answer>(
  state: string,
  handler: (event: unknown) => Promise<Answer>,
  write: (text: string) => void = (text) => void process.stdout.write(text),
  ownGroup: string | null = process.env["GROUP"] ?? null,
): (event: unknown, context?: unknown) => Promise<Answer> {
  return async (event, context) => {
    const requestId = Context.safeParse(context).data?.awsRequestId ?? null;
    const tell = (line: Pick<Line, "level" | "message" | "error">, answer?: unknown): void =>
      write(
        `${JSON.stringify({ ...line, state, ...identityOf(event, answer, ownGroup), requestId } satisfies Line)}\n`,
      );
    try {
      const answer = await handler(event);
      tell({ level: "INFO", message: "done" }, answer);
      return answer;
    } catch (error) {
      tell({ level: "ERROR", message: "failed", error: error instanceof Error ? error.name : "Unknown" });
      throw error;
    }
  };
}
