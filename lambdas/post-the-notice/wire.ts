/** The real web for the handler, with short patience. */
import * as z from "zod";
import { readEnvironment } from "../lib/environment.ts";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";

const env = readEnvironment(z.object({ WEBHOOK_URL: z.url() }));

export const handler = logged(
  "post-the-notice",
  makeHandler({
    url: env.WEBHOOK_URL,
    async post(url, body) {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(10_000) });
      await answer.body?.cancel();
      return answer.status;
    },
  }),
);
