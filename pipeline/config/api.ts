/** An HTTP API in front of the groups. Off unless it is named; every call is signed with IAM credentials. */
import * as z from "zod";

export const apiParts = ["runs", "recommendations", "events"] as const;

export const Api = z.strictObject({
  parts: z
    .array(z.enum(apiParts))
    .min(1)
    .default([...apiParts])
    .describe("runs: start one, read its record; recommendations: ask a campaign; events: stream and archive them"),
  archiveDays: z
    .int()
    .min(1)
    .default(400)
    .describe("so long events are kept in their archive, which holds ids of users"),
  requestsPerSecond: z.int().min(1).default(50).describe("above it the API answers 429, for all callers together"),
});
export type Api = z.infer<typeof Api>;
