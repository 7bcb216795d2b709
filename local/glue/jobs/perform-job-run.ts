/** The work of one job run: fetches the script with the job's role, runs it, writes its log. No state is touched. */
import { createWriteStream } from "node:fs";
import { copyFile, mkdir, rm, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { openRoleFiles, parseLocation, servicePrincipal } from "../data/role-files.ts";
import { type Glue, type JobRunRecord, roleArnOf } from "../state.ts";
import { interpreterFor, JobUnrunnable } from "./interpreters.ts";
import { argumentsOf } from "./job-arguments.ts";
import { runScript, type ScriptEnd } from "./run-script.ts";

export async function performJobRun(glue: Glue, run: JobRunRecord, signal: AbortSignal): Promise<ScriptEnd> {
  const { deps } = glue;
  const { ScriptLocation: location = "" } = run.job.Command ?? {};
  const name = basename(parseLocation(location).key);
  if (name === "") throw new JobUnrunnable(`The job's ScriptLocation ${location} is not a file in S3`);
  const roleArn = roleArnOf(deps, run.job.Role ?? "");
  const session = run.id.slice(0, 64);
  deps.authorizer.assertAssumable(roleArn, servicePrincipal);
  const interpreter = await interpreterFor(name);
  const folder = join(deps.scratchDirectory, run.id);
  try {
    await mkdir(folder, { recursive: true });
    if (interpreter.packages !== undefined) await symlink(interpreter.packages, join(folder, "node_modules"));
    const script = join(folder, name);
    if (run.localScript !== undefined) await copyFile(run.localScript, script);
    else {
      const files = openRoleFiles({ ...deps, roleArn, session });
      await pipeline(await files.read(parseLocation(location)), createWriteStream(script), { signal });
    }
    const env = environmentOf(glue, run, roleArn, folder);
    const onLines = logWriter(glue, run, { roleArn, session });
    return await runScript({ interpreter, script, folder, args: argumentsOf(run), env, signal, onLines });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function environmentOf({ deps }: Glue, run: JobRunRecord, roleArn: string, folder: string): Record<string, string> {
  const key = deps.issueCredentials(roleArn, `GlueJobRunnerSession-${run.jobName}`.slice(0, 64));
  return {
    HOME: folder,
    LANG: "en_US.UTF-8",
    TZ: "UTC",
    AWS_ENDPOINT_URL: deps.endpointUrl(),
    AWS_REGION: deps.region,
    AWS_DEFAULT_REGION: deps.region,
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_SESSION_TOKEN: key.sessionToken,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
}

/** Log groups of a job: Python shell jobs have their own. */
export const logGroupOf = ({ job }: Pick<JobRunRecord, "job">): string =>
  job.Command?.Name === "pythonshell" ? "/aws-glue/python-jobs" : "/aws-glue/jobs";

/** A role that may not write logs loses them silently, in AWS as here; we at least say so in our own log. */
function logWriter({ deps }: Glue, run: JobRunRecord, { roleArn, session }: { roleArn: string; session: string }) {
  const { region, account } = deps;
  const refused = new Set<string>();
  return (stream: "output" | "error", lines: readonly string[]): void => {
    const group = `${logGroupOf(run)}/${stream}`;
    const resource = `arn:aws:logs:${region}:${account}:log-group:${group}:log-stream:${run.id}`;
    try {
      deps.authorizer.authorize({ kind: "role", roleArn, session }, { action: "logs:PutLogEvents", resource });
    } catch (error) {
      if (!refused.has(stream))
        deps.log(`glue: the ${stream} of job ${run.jobName} is lost: ${(error as Error).message}`);
      refused.add(stream);
      return;
    }
    deps.appendLog(group, run.id, lines);
  };
}
