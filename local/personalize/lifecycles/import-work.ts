/**
 * The work of a dataset import job on the control plane's side: may the role read the bucket, does the bucket admit the service, which files
 * are meant; the data plane does the rest. Every refusal is a failureReason, minutes after Create said yes, as with the service.
 */
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { CallContext, Caller, ObjectInfo } from "../../cloud/ports/service.ts";
import { find, type ControlPlane } from "../control-plane.ts";
import type { DatasetType, ImportFile } from "../job-runner.ts";
import type { Rows } from "../model.ts";
import type { WorkOutcome } from "./transitions.ts";

export const servicePrincipal = "personalize.amazonaws.com";

export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** `s3://bucket/key` or `s3://bucket/folder/`; undefined for anything else. */
export function parseS3Location(location: string): S3Location | undefined {
  const match = /^s3:\/\/([a-z\d][a-z\d.-]{1,61}[a-z\d])\/(.*)$/.exec(location);
  return match ? { bucket: match[1] ?? "", key: match[2] ?? "" } : undefined;
}

/** What a location means: the one file of that key, or the files directly in the folder. In key order. Pure. */
export function filesMeant({ key }: S3Location, listed: readonly ObjectInfo[]): ObjectInfo[] {
  const isFolder = key === "" || key.endsWith("/");
  const meant = isFolder
    ? (candidate: string) => candidate.startsWith(key) && !candidate.slice(key.length).includes("/")
    : (candidate: string) => candidate === key;
  return listed
    .filter((object) => meant(object.key) && object.key !== key + (isFolder ? "" : "/") && object.sizeBytes > 0)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** A refusal whose message is the job's failureReason. */
class ImportRefused extends Error {}

export async function importWork(plane: ControlPlane, jobArn: string): Promise<WorkOutcome> {
  const job = find(plane, "datasetImportJob", jobArn);
  const dataset = find(plane, "dataset", job.datasetArn);
  const dataLocation = job.dataSource.dataLocation ?? "";
  try {
    assertBulkDataExists(plane, job);
    const files = await openableFiles(plane, job, dataset.datasetType);
    const handle = plane.jobs.importDataset({
      jobArn,
      datasetArn: dataset.datasetArn,
      datasetGroupArn: dataset.datasetGroupArn,
      datasetType: dataset.datasetType as DatasetType,
      schema: find(plane, "schema", dataset.schemaArn).schema,
      mode: job.importMode,
      dataLocation,
      files,
      progress: (progress) => plane.progress({ kind: "import", jobArn, ...progress }),
    });
    return await handle.done;
  } catch (error) {
    if (error instanceof ImportRefused) return { kind: "failed", failureReason: error.message };
    throw error;
  }
}

function assertBulkDataExists(plane: ControlPlane, job: Rows["datasetImportJob"]): void {
  if (job.importMode !== "INCREMENTAL" || plane.jobs.hasBulkData(job.datasetArn)) return;
  throw new ImportRefused(
    "An INCREMENTAL import needs bulk data to add to: import into this dataset once with importMode FULL first.",
  );
}

async function openableFiles(
  plane: ControlPlane,
  job: Rows["datasetImportJob"],
  datasetType: string,
): Promise<ImportFile[]> {
  const location = parseS3Location(job.dataSource.dataLocation ?? "");
  if (!location) throw new ImportRefused("Invalid Data location.");
  const asRole: Caller = { kind: "role", roleArn: job.roleArn, session: "PersonalizeImport" };
  const refusal = (error: unknown) => refusalOf(error, datasetType);
  try {
    plane.authorizer.assertAssumable(job.roleArn, servicePrincipal, job.datasetImportJobArn);
    assertBucketAdmitsService(plane, job.datasetImportJobArn, "s3:ListBucket", location.bucket);
    const files = filesMeant(location, await plane.objects.list(location.bucket, location.key, asRole));
    if (files.length === 0) throw new ImportRefused("Invalid Data location.");
    return files.map(({ key, sizeBytes }) => ({
      key,
      sizeBytes,
      open: async () => {
        try {
          assertBucketAdmitsService(plane, job.datasetImportJobArn, "s3:GetObject", `${location.bucket}/${key}`);
          return await plane.objects.read(location.bucket, key, asRole);
        } catch (error) {
          throw refusal(error);
        }
      },
    }));
  } catch (error) {
    throw refusal(error);
  }
}

/** The role is not enough: the bucket's policy must let the service in as well. */
function assertBucketAdmitsService(
  { authorizer, account }: Pick<ControlPlane, "authorizer"> & Pick<CallContext, "account">,
  jobArn: string,
  action: string,
  resource: string,
): void {
  authorizer.authorize(
    { kind: "service", principal: servicePrincipal },
    {
      action,
      resource: `arn:aws:s3:::${resource}`,
      conditions: { "aws:SourceAccount": account, "aws:SourceArn": jobArn },
    },
  );
}

/** S3's and IAM's refusals in Personalize's words; bugs go on untouched. */
function refusalOf(error: unknown, datasetType: string): unknown {
  if (!(error instanceof AwsError)) return error;
  const missing = ["NoSuchBucket", "NoSuchKey", "NotFound"].includes(error.name);
  const reason = missing ? "Invalid Data location." : "Insufficient privileges for accessing data in Amazon S3.";
  return new ImportRefused(
    `Failed to create a data import job for ${datasetType} dataset. ${reason} ${error.message}`.trim(),
    { cause: error },
  );
}
