/**
 * `GET /approvals?token=...` asks, `POST /approvals` answers. The task token is the capability: whoever was sent the notice
 * may answer this one question, once, and nothing else.
 */
import { answering, formOf, type HttpAnswer, type HttpEvent } from "../lib/http.ts";
import { answeredPage, brokenPage, gonePage, questionPage } from "./page.ts";

export interface AnswerAnApprovalDeps {
  /** False when nobody waits for this token any more. */
  readonly succeed: (taskToken: string, output: string) => Promise<boolean>;
}

const html = (statusCode: number, body: string): HttpAnswer => ({
  statusCode,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy":
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
  },
  body,
});

function question({ queryStringParameters: { token, ...about } }: HttpEvent): HttpAnswer {
  if (token === undefined || token === "") return html(400, brokenPage());
  const shown = ["group", "solution", "candidate", "run"].flatMap((name) => {
    const value = about[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return html(200, questionPage(token, shown));
}

/** Anything but a plain yes is a no, as the machine has it. */
async function answered({ succeed }: AnswerAnApprovalDeps, event: HttpEvent): Promise<HttpAnswer> {
  const form = formOf(event);
  const token = form.get("token") ?? "";
  const actor = (form.get("actor") ?? "").trim().slice(0, 100);
  if (token === "" || actor === "") return html(400, brokenPage());
  const answer = form.get("answer") === "approved" ? "approved" : "rejected";
  const isTaken = await succeed(token, JSON.stringify({ answer, actor }));
  return isTaken ? html(200, answeredPage(answer, actor)) : html(410, gonePage());
}

export const makeHandler = (deps: AnswerAnApprovalDeps) =>
  answering(async (event) =>
    event.requestContext.http.method === "POST" ? answered(deps, event) : Promise.resolve(question(event)),
  );
