/** `POST /groups/{group}/runs`: starts a run as a person would. Going around the gate is not offered over HTTP. */
import * as z from "zod";
import { type Digest, runIdOf } from "../../pipeline/naming/names.ts";
import { Stage } from "../../pipeline/planning/run-options.ts";
import { answering, HttpProblem, json, parsedBody } from "../lib/http.ts";

const Wish = z.strictObject({
  actor: z.string().min(1).optional(),
  dryRun: z.boolean().optional(),
  acceptShrink: z.boolean().optional(),
  stages: z.array(Stage).min(1).optional(),
});

export interface StartARunDeps {
  /** Null name: one is drawn. Answers null when there is another execution of this name. */
  readonly start: (
    name: string | null,
    input: string,
  ) => Promise<{ readonly executionArn: string; readonly startedAt: string } | null>;
  readonly digest: Digest;
}

export const makeHandler = ({ start, digest }: StartARunDeps) =>
  answering(async (event) => {
    const wish = parsedBody(event, Wish);
    const actor = wish.actor ?? event.requestContext.authorizer?.iam.userArn;
    const input = JSON.stringify({ ...wish, ...(actor === undefined ? {} : { actor }) });
    const key = event.headers["idempotency-key"];
    const started = await start(key === undefined ? null : `http-${digest(key).slice(0, 40)}`, input);
    if (started === null) {
      throw new HttpProblem(409, "KeyUsed", "This Idempotency-Key has started another run; use a new key");
    }
    const runId = runIdOf(started.executionArn, started.startedAt, digest);
    return json(202, { runId, executionArn: started.executionArn });
  });
