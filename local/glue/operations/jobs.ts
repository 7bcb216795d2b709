/** CreateJob, GetJob, GetJobs, UpdateJob, DeleteJob, ListJobs. */
import type {
  CreateJobCommandInput,
  CreateJobCommandOutput,
  CreateJobRequest,
  DeleteJobCommandInput,
  DeleteJobCommandOutput,
  GetJobCommandInput,
  GetJobCommandOutput,
  GetJobsCommandInput,
  GetJobsCommandOutput,
  Job,
  ListJobsCommandInput,
  ListJobsCommandOutput,
  UpdateJobCommandInput,
  UpdateJobCommandOutput,
} from "@aws-sdk/client-glue";
import { page } from "../../cloud/ports/page.ts";
import {
  AlreadyExistsException,
  type Answer,
  EntityNotFoundException,
  type Glue,
  InvalidInputException,
  type JobRecord,
} from "../state.ts";

export async function createJob(glue: Glue, input: CreateJobCommandInput): Promise<Answer<CreateJobCommandOutput>> {
  const { Name = "" } = input;
  if (glue.jobs.has(Name)) throw new AlreadyExistsException(`Job already exists: ${Name}`);
  assertScript(input);
  const now = glue.deps.clock.now();
  glue.jobs.put(Name, { request: input, createdAt: now, modifiedAt: now });
  await glue.deps.store.commit();
  return { Name };
}

export function getJob(glue: Glue, { JobName = "" }: GetJobCommandInput): Answer<GetJobCommandOutput> {
  return { Job: toJob(jobOf(glue, JobName)) };
}

export function getJobs(glue: Glue, { NextToken, MaxResults }: GetJobsCommandInput): Answer<GetJobsCommandOutput> {
  const { items, next } = page([...glue.jobs.values()].map(toJob), NextToken, MaxResults, 1000);
  return { Jobs: items, NextToken: next };
}

/** The definition is replaced as a whole; what the update does not name goes back to its default. */
export async function updateJob(glue: Glue, input: UpdateJobCommandInput): Promise<Answer<UpdateJobCommandOutput>> {
  const { JobName = "", JobUpdate: update = {} } = input;
  const before = jobOf(glue, JobName);
  const request: CreateJobRequest = {
    ...update,
    Name: JobName,
    Role: update.Role ?? before.request.Role,
    Command: update.Command ?? before.request.Command,
    Tags: before.request.Tags,
  };
  assertScript(request);
  const isSameScript = request.Command?.ScriptLocation === before.request.Command?.ScriptLocation;
  const localScript = isSameScript ? before.localScript : undefined;
  glue.jobs.put(JobName, { ...before, request, localScript, modifiedAt: glue.deps.clock.now() });
  await glue.deps.store.commit();
  return { JobName };
}

/** Deleting what is not there succeeds; runs under way go on. */
export async function deleteJob(glue: Glue, input: DeleteJobCommandInput): Promise<Answer<DeleteJobCommandOutput>> {
  glue.jobs.delete(input.JobName ?? "");
  await glue.deps.store.commit();
  return { JobName: input.JobName };
}

export function listJobs(glue: Glue, input: ListJobsCommandInput): Answer<ListJobsCommandOutput> {
  const wanted = Object.entries(input.Tags ?? {});
  const isTagged = ({ request }: JobRecord) => wanted.every(([key, value]) => request.Tags?.[key] === value);
  const names = [...glue.jobs.values()].filter(isTagged).map(({ request }) => request.Name ?? "");
  const { items, next } = page(names, input.NextToken, input.MaxResults, 1000);
  return { JobNames: items, NextToken: next };
}

export function jobOf(glue: Glue, name: string): JobRecord {
  const record = glue.jobs.get(name);
  if (!record) throw new EntityNotFoundException(`Job with name: ${name} not found.`);
  return record;
}

export function assertScript({ Name, Command: command }: Pick<CreateJobRequest, "Name" | "Command">): void {
  if (command?.ScriptLocation?.startsWith("s3://")) return;
  throw new InvalidInputException(
    `Job ${Name} needs a Command with a ScriptLocation such as s3://bucket/job.py, not ${command?.ScriptLocation}`,
  );
}

function toJob({ request: { Tags: _, ...request }, createdAt, modifiedAt }: JobRecord): Job {
  const { ExecutionProperty = { MaxConcurrentRuns: 1 }, MaxRetries = 0, Timeout = 2880 } = request;
  return {
    ...{ ...request, ExecutionProperty, MaxRetries, Timeout },
    ...{ CreatedOn: new Date(createdAt), LastModifiedOn: new Date(modifiedAt) },
  };
}
