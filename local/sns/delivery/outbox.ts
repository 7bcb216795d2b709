/** Mails as files in a folder, one a mail, in the form that mail programs open: this machine sends none. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Mail } from "../topics.ts";

/** A header is one line, whatever is in it. */
const header = (name: string, text: string): string => `${name}: ${text.replace(/[\r\n]+/g, " ")}`;

export const openOutbox =
  (folder: string) =>
  async ({ to, subject, body, message }: Mail): Promise<void> => {
    const at = new Date(message.publishedAt);
    const lines = [
      header("Date", at.toUTCString()),
      header("From", "AWS Notifications <no-reply@sns.amazonaws.com>"),
      ...[header("To", to), header("Subject", subject), "Content-Type: text/plain; charset=utf-8", "", body, ""],
    ];
    await mkdir(folder, { recursive: true });
    const name = `${at.toISOString().replace(/[:.]/g, "-")}-${message.messageId}-${to.replace(/[^\w.@-]/g, "_")}.eml`;
    await writeFile(join(folder, name), lines.join("\n"));
  };
