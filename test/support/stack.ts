/**
 * The synthesized stack on the embedded cloud with a jumping clock: what machine tests run on. Real template, real
 * definition, real handlers in worker threads, real permissions, real recipes; only time and the data are small.
 */
import { DescribeExecutionCommand, ListExecutionsCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../infra/synthesize.ts";
import { clientsFor, type Connection } from "../../local/cli/connection.ts";
import { readDeployment } from "../../local/cli/deployment.ts";
import { listRunIds, readRecord } from "../../local/cli/records.ts";
import { seededIds, seededRandom } from "../../local/cloud/boot/chance.ts";
import { type Cloud, type Fault, startCloud } from "../../local/cloud/boot/start-cloud.ts";
import { createJumpingClock, type JumpingClock } from "../../local/cloud/clock/jumping-clock.ts";
import type { Progress } from "../../local/cloud/ports/service.ts";
import type { PersonalizeOptions } from "../../local/personalize/settings.ts";
import { type OutrankConfigInput, resolveConfig } from "../../pipeline/config/outrank-config.ts";
import type { RunRecord } from "../../pipeline/records/run-record.ts";

export interface StackOptions {
  readonly config: OutrankConfigInput;
  readonly fault?: Fault;
  readonly personalize?: PersonalizeOptions;
  /** A folder that outlives the stack, for tests that start it again; a fresh one otherwise. */
  readonly stateDir?: string;
  readonly start?: number;
  /** Of ids and jitter; a stack started again needs another one, or it would give out the same ids twice. */
  readonly seed?: number;
  /** Changes the synthesized template's text before it is deployed, e.g. takes a permission away. */
  readonly template?: (text: string) => string;
}

export interface Stack extends Pick<Connection, "s3" | "sfn" | "personalize" | "runtime"> {
  readonly cloud: Cloud;
  readonly clock: JumpingClock;
  readonly bucket: string;
  readonly machines: Readonly<Record<string, string>>;
  /** Of the stack, as it was first deployed. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly progress: readonly Progress[];
  readonly log: readonly string[];
  /** Uploads files in one go: the clock stands still until the last one is there. Keys are `<group>/<dataset>/<file>`. */
  drop(files: Readonly<Record<string, string>>): Promise<void>;
  /** Starts by hand and answers the execution's ARN. */
  begin(group: string, input?: unknown): Promise<string>;
  /** Resolves when nothing happens any more. */
  rest(): Promise<void>;
  /** Finished runs' records, oldest first. */
  records(group: string): Promise<RunRecord[]>;
  /** Every execution with status, error, cause, output; oldest first. */
  executions(group: string): Promise<Execution[]>;
  /** Deploys the stack anew while it runs. */
  redeploy(changed?: Partial<Pick<StackOptions, "config" | "template">>): Promise<void>;
  close(): Promise<void>;
}

export interface Execution {
  readonly arn: string;
  readonly status: string;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

const scratch = () => mkdtempSync(join(tmpdir(), "outrank-stack-"));

export async function startStack(options: StackOptions): Promise<Stack> {
  const stateDir = options.stateDir ?? scratch();
  const clock = createJumpingClock(options.start === undefined ? {} : { start: options.start });
  const log: string[] = [];
  const progress: Progress[] = [];
  const cloud = await startCloud({
    ...{ stateDir, port: 0, clock, ids: seededIds(options.seed ?? 7), random: seededRandom(options.seed ?? 7) },
    log: (line) => void log.push(line),
    progress: (event) => void progress.push(event),
    training: { run: "here" },
    ...(options.fault ? { fault: options.fault } : {}),
    ...(options.personalize ? { personalize: options.personalize } : {}),
  });
  const outdir = scratch();
  const remove = async () => {
    await cloud.close();
    rmSync(outdir, { recursive: true, force: true, maxRetries: 3 });
    if (options.stateDir === undefined) rmSync(stateDir, { recursive: true, force: true, maxRetries: 3 });
  };
  // A configuration that cannot be synthesized must not leave a cloud behind, or the tests would never end.
  const deploy = async () => cloud.deploy(assemblyIn(outdir, options));
  const stacks = await deploy().catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const { bucket, groups } = readDeployment({ region: cloud.region, account: cloud.account, stacks });
  const machines = Object.fromEntries(groups.map(({ name, stateMachineArn }) => [name, stateMachineArn]));
  const clients = clientsFor(cloud.url, cloud.region);
  await cloud.resume();
  return {
    ...{ ...clients, cloud, clock, bucket, machines, progress, log },
    outputs: Object.assign({}, ...stacks.map((deployed) => deployed.outputs)) as Record<string, string>,
    ...acts({ ...clients, clock, bucket, machines }),
    redeploy: async (changed = {}) => {
      await cloud.deploy(assemblyIn(join(outdir, "again"), { config: options.config, ...changed }));
    },
    close: async () => {
      clients.close();
      await remove();
    },
  };
}

/** Synthesizes and lets the test change what came out. */
function assemblyIn(outdir: string, { config, template }: Pick<StackOptions, "config" | "template">): string {
  const directory = synthesize({ config: resolveConfig(config, () => undefined), outdir });
  for (const name of readdirSync(directory)) {
    if (template === undefined || !name.endsWith(".template.json")) continue;
    const path = join(directory, name);
    const before = readFileSync(path, "utf8");
    const after = template(before);
    if (after === before) throw new Error(`the test's change of ${name} changes nothing`);
    writeFileSync(path, after);
  }
  return directory;
}

type Parts = Pick<Stack, "s3" | "sfn" | "clock" | "bucket" | "machines">;

function acts({
  s3,
  sfn,
  clock,
  bucket,
  machines,
}: Parts): Pick<Stack, "drop" | "begin" | "rest" | "records" | "executions"> {
  return {
    async drop(files) {
      const release = clock.hold();
      for (const [Key, Body] of Object.entries(files))
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
      release();
    },
    async begin(group, input = {}) {
      const request = { stateMachineArn: machines[group], input: JSON.stringify(input) };
      return (await sfn.send(new StartExecutionCommand(request))).executionArn ?? "";
    },
    rest: () => clock.idle(),
    async records(group) {
      const ids = (await listRunIds(s3, bucket, group)).reverse();
      return Promise.all(ids.map((id) => readRecord(s3, bucket, group, id)));
    },
    async executions(group) {
      const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machines[group] }));
      const arns = executions.map(({ executionArn = "" }) => executionArn).reverse();
      return Promise.all(arns.map((arn) => describe(sfn, arn)));
    },
  };
}

async function describe(sfn: Stack["sfn"], arn: string): Promise<Execution> {
  const { status = "", output, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
  return { arn, status, output: output === undefined ? undefined : JSON.parse(output), error, cause };
}
