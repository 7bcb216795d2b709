/** A notice on its way to a webhook: the form that the other side wants, and a failure that Lambda repeats. */
import { describe, expect, it } from "@jest/globals";
import { makeHandler } from "../../lambdas/post-the-notice/handler.ts";

const notice = {
  ...{ TopicArn: "arn:topic", MessageId: "id", Timestamp: "2026-11-24T05:00:00.000Z" },
  ...{ Subject: "Outrank shop: a new model is live", Message: "Run 1" },
};
const event = { Records: [{ Sns: notice }] };

function posting(url: string, status: number | Error) {
  const sent: { url: string; body: unknown }[] = [];
  const handler = makeHandler({
    url,
    post: async (to, body) => {
      sent.push({ url: to, body: JSON.parse(body) as unknown });
      if (status instanceof Error) throw status;
      return status;
    },
  });
  return { sent, handler };
}

describe("a notice for a webhook", () => {
  it.each([
    {
      why: "Slack takes text and nothing else",
      url: "https://hooks.slack.com/services/T/B/secret",
      body: { text: "*Outrank shop: a new model is live*\nRun 1" },
    },
    {
      why: "others find the parts beside the text",
      url: "https://example.org/hook",
      body: {
        text: "*Outrank shop: a new model is live*\nRun 1",
        ...{ subject: "Outrank shop: a new model is live", message: "Run 1", messageId: "id" },
        ...{ topicArn: "arn:topic", sentAt: "2026-11-24T05:00:00.000Z" },
      },
    },
  ])("has the form that is wanted: $why", async ({ url, body }) => {
    const { sent, handler } = posting(url, 200);

    await handler(event);

    expect(sent).toEqual([{ url, body }]);
  });

  it.each([
    { why: "it was refused", status: 500, message: "The webhook at example.org answered 500" },
    { why: "it was moved", status: 302, message: "The webhook at example.org answered 302" },
    {
      why: "nobody was there",
      status: new TypeError("connect https://example.org/secret failed"),
      message: "The webhook at example.org could not be reached: TypeError",
    },
  ])("fails, so that Lambda tries again, and keeps the URL's secret, when $why", async ({ status, message }) => {
    const { handler } = posting("https://example.org/secret", status);

    await expect(handler(event)).rejects.toMatchObject({ name: "WebhookRefused", message });
  });

  it("puts an alarm's JSON into words", async () => {
    const alarm = {
      AlarmName: "shop-run-failed",
      AlarmDescription: "shop: The last run failed.",
      NewStateReason: "1 > 0",
    };
    const { sent, handler } = posting("https://hooks.slack.com/x", 200);

    await handler({ Records: [{ Sns: { ...notice, Subject: "ALARM", Message: JSON.stringify(alarm) } }] });

    expect(sent[0]?.body).toEqual({ text: "*ALARM*\nshop: The last run failed.\n1 > 0" });
  });

  it("is cut where Slack would refuse it", async () => {
    const { sent, handler } = posting("https://hooks.slack.com/x", 200);

    await handler({ Records: [{ Sns: { ...notice, Message: "x".repeat(60_000) } }] });

    expect((sent[0]?.body as { text: string }).text).toHaveLength(38_000);
  });
});
