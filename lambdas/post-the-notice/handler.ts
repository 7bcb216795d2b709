/**
 * Posts a notice to one webhook. One try: Lambda repeats an asynchronous call that fails, twice. The URL is a secret of
 * whoever gave it, so nothing here says more of it than its host.
 */
import * as z from "zod";

const Notices = z.object({
  Records: z.array(
    z.object({
      Sns: z.object({
        TopicArn: z.string(),
        MessageId: z.string(),
        Timestamp: z.string(),
        Subject: z.string().nullish(),
        Message: z.string(),
      }),
    }),
  ),
});
type Notice = z.infer<typeof Notices>["Records"][number]["Sns"];

export interface PostTheNoticeDeps {
  readonly url: string;
  /** Answers the status. */
  readonly post: (url: string, body: string) => Promise<number>;
}

/** The webhook took the notice with anything but a success, or was not there. */
export class WebhookRefused extends Error {
  override readonly name = "WebhookRefused";
  constructor(url: string, what: string, cause?: unknown) {
    super(`The webhook at ${new URL(url).host} ${what}`, { cause });
  }
}

/** Slack cuts off what is longer. */
const longestText = 38_000;

/** CloudWatch tells of an alarm in JSON; people want the two sentences in it. */
const Alarm = z.object({ AlarmName: z.string(), AlarmDescription: z.string().nullish(), NewStateReason: z.string() });

function inWords(message: string): string {
  try {
    const { AlarmName, AlarmDescription, NewStateReason } = Alarm.parse(JSON.parse(message));
    return `${AlarmDescription ?? AlarmName}\n${NewStateReason}`;
  } catch {
    return message; // no alarm: a run's notice is in words already
  }
}

const textOf = ({ Subject, Message }: Notice): string =>
  `${Subject ? `*${Subject}*\n` : ""}${inWords(Message)}`.slice(0, longestText);

/** Slack wants `text` and nothing else; others find the same in it, and the parts beside. */
export function bodyFor(url: string, notice: Notice): object {
  if (new URL(url).hostname === "hooks.slack.com") return { text: textOf(notice) };
  return {
    text: textOf(notice),
    subject: notice.Subject ?? null,
    message: notice.Message,
    messageId: notice.MessageId,
    topicArn: notice.TopicArn,
    sentAt: notice.Timestamp,
  };
}

export const makeHandler =
  ({ url, post }: PostTheNoticeDeps) =>
  async (event: unknown): Promise<void> => {
    for (const { Sns: notice } of Notices.parse(event).Records) {
      const status = await post(url, JSON.stringify(bodyFor(url, notice))).catch((error: unknown) => {
        throw new WebhookRefused(url, `could not be reached: ${error instanceof Error ? error.name : "no reason"}`);
      });
      if (status < 200 || status > 299) throw new WebhookRefused(url, `answered ${status}`);
    }
  };
