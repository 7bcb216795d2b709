/**
 * Every name and ARN the pipeline gives out, made in one place, so that permissions in infra/ and resources at run time
 * cannot drift apart. Names are at most 63 characters (Personalize's limit); the configuration keeps the parts short.
 */
import type { DatasetType } from "../config/avro-schema.ts";

/** SHA-256 in hex; passed in, because the domain imports nothing. */
export type Digest = (text: string) => string;

/** Where in AWS we are. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

export const groupPrefix = (project: string, group: string): string => `${project}-${group}`;

/** The group's second machine; its name is as fixed as the first one's, so that each can be found from the other. */
export const cleanupMachine = (retrainingMachine: string): string => `${retrainingMachine}-cleanup`;

/** ARN of the machine that trains the group which this machine takes down. */
export const retrainingMachineArn = (cleanupMachineArn: string): string => cleanupMachineArn.replace(/-cleanup$/, "");

/** The marker of a run in names of things that carry little else: eight hex digits. */
export const shortRunId = (runId: string): string => runId.slice(-8);

/** `20261124T030000-1a2b3c4d`: sorts by time, and the same execution always gets the same id, re-driven or not. */
export function runIdOf(executionArn: string, startedAt: string, digest: Digest): string {
  const seconds = new Date(startedAt).toISOString().slice(0, 19).replace(/[-:]/g, "");
  return `${seconds}-${digest(executionArn).slice(0, 8)}`;
}

/** At most twelve characters, for names of 63 have to hold prefix and hashes as well. */
export const shortType = (type: DatasetType): string => (type === "action-interactions" ? "action-log" : type);

export const schemaName = (prefix: string, type: DatasetType, content: string, digest: Digest): string =>
  `${prefix}-${shortType(type)}-${digest(content).slice(0, 8)}`;

/** Solutions are immutable: another recipe or configuration is another solution, told apart by the hash. */
export const solutionName = (prefix: string, name: string, immutable: string, digest: Digest): string =>
  `${prefix}-${name}-${digest(immutable).slice(0, 6)}`;

/** Carries what was imported (fingerprint) and by which run, so that a redo finds its job and a later run its data. */
export const importJobName = (prefix: string, type: DatasetType, fingerprint: string, runId: string): string =>
  `${prefix}-${shortType(type)}-${fingerprint.slice(0, 8)}-${shortRunId(runId)}`;

/** The fingerprint in an import job's name, when the job is ours. */
export function fingerprintIn(jobName: string, prefix: string, type: DatasetType): string | undefined {
  const start = `${prefix}-${shortType(type)}-`;
  if (!jobName.startsWith(start)) return undefined;
  return /^([0-9a-f]{8})-[0-9a-f]{8}$/.exec(jobName.slice(start.length))?.[1];
}

/** A version's name is the run's, plus its solution's hash, because names are unique in an account and region. */
export const versionName = (runId: string, solution: string, digest: Digest): string =>
  `${runId}-${digest(solution).slice(0, 6)}`;

/** Did some run of this pipeline give this name? */
export const isVersionName = (name: string): boolean => /^\d{8}T\d{6}-[0-9a-f]{8}-[0-9a-f]{6}$/.test(name);

export const personalizeArn = ({ partition, region, account }: Place, kind: string, name: string): string =>
  `arn:${partition}:personalize:${region}:${account}:${kind}/${name}`;

export const recipeArn = ({ partition }: Place, recipe: string): string =>
  `arn:${partition}:personalize:::recipe/${recipe}`;

/** `<solution>/<id>` of a solution version's ARN. */
export const versionPath = (solutionVersionArn: string): string => solutionVersionArn.split(":solution/")[1] ?? "";

/** Glue's catalogue takes no hyphens that Athena would read. */
export const glueNames = (prefix: string, type: DatasetType) => ({
  database: prefix.replaceAll("-", "_"),
  table: type.replaceAll("-", "_"),
  ruleset: `${prefix}-${type}`,
});
