/** A command line run against a test's stack, within the test's process. */
import { dispatch } from "../../local/cli/main.ts";
import type { Stack } from "./stack.ts";

export async function outrankFor({ cloud }: Pick<Stack, "cloud">, ...args: readonly string[]) {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const env = { AWS_ENDPOINT_URL: cloud.url };
  const io = { out: say, err: say, tty: false, columns: 100, env, cwd: ".", stop: new AbortController().signal };
  return { code: await dispatch(args, io), said: lines.join("\n") };
}
