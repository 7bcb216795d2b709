/** Runs the programs of test/e2e/clients, which know nothing of where they run, against an empty embedded account of their own. */
import { afterAll, beforeAll, it } from "@jest/globals";
import { join } from "node:path";
import { projectRoot } from "../../local/cloud/project-root.ts";
import { begin, canRun, scratch, type Scratch, up } from "./command-line.ts";

const programs = join(projectRoot(), "test", "e2e", "clients");

interface Account {
  readonly place: Scratch;
  /** What the program says of itself on its last line. Its polls are 0.2 s apart; a minute of the cloud's waits lasts 0.6 s. */
  run(command: string, args: readonly string[], more?: Readonly<Record<string, string>>): Promise<unknown>;
  close(): Promise<void>;
}

async function emptyAccount(): Promise<Account> {
  const place = scratch();
  const cloud = await up("--bare", "--state", join(place.path, "state"), "--time-scale", "100");
  const environment = {
    AWS_ENDPOINT_URL: cloud.url,
    AWS_ACCESS_KEY_ID: "me",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_REGION: "us-east-1",
    POLL_SECONDS: "0.2",
    PATIENCE_SECONDS: "150",
    PYTHONDONTWRITEBYTECODE: "1",
  };
  return {
    place,
    async run(command, args, more = {}) {
      const { code, stdout, stderr } = await begin(command, args, programs, { ...environment, ...more }).finished;
      if (code !== 0) throw new Error(`ended with ${code}:\n${stdout}\n${stderr}`);
      return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
    },
    async close() {
      cloud.child.kill("SIGINT");
      await cloud.finished;
      place.remove();
    },
  };
}

/** One account for all tests of a file, made before the first and closed after the last. */
export function sharedAccount(): Pick<Account, "run" | "place"> {
  let account: Account;
  beforeAll(async () => {
    account = await emptyAccount();
  }, 60_000);
  afterAll(() => account.close());
  return {
    run: (...program) => account.run(...program),
    get place() {
      return account.place;
    },
  };
}

const when = (isThere: boolean, what: string) => ({
  test: isThere ? it : it.skip,
  note: isThere ? "" : ` (skipped: no ${what})`,
});

/** Tests of programs in need of something that a machine may lack. */
export const withBoto = () => when(canRun("python3", "-c", "import boto3"), "boto3");
export const withCli = () => when(canRun("aws", "--version"), "aws cli");
