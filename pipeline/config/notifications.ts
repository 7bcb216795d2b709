/** Who is told of each run and alarm, beside whoever subscribes to the topic by hand. */
import * as z from "zod";

const Webhook = z
  .url({ protocol: /^https?$/, error: "an https:// URL" })
  .refine(
    (url) => url.startsWith("https://") || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(url),
    "https:// only (http:// to this very machine, for trying it out)",
  );

export const Notifications = z.strictObject({
  emails: z.array(z.email()).max(50).default([]).describe("each confirms its subscription by a link in a first mail"),
  webhooks: z
    .array(Webhook)
    .max(10)
    .default([])
    .describe("told by POST: Slack's form for hooks.slack.com, elsewhere JSON with text, subject and message"),
});
export type Notifications = z.infer<typeof Notifications>;

export const hasSubscribers = ({ emails, webhooks }: Notifications): boolean => emails.length + webhooks.length > 0;

/** Both, each once. */
export const together = (some: Notifications, more: Notifications): Notifications => ({
  emails: [...new Set([...some.emails, ...more.emails])],
  webhooks: [...new Set([...some.webhooks, ...more.webhooks])],
});
