/**
 * The work of a dataset import job on the control plane's side: may the role read the bucket, does the bucket admit the service, which files
 * are meant; the data plane does the rest. Every refusal is a failureReason, minutes after Create said yes, as with the service.
 */
import { find, type ControlPlane } from "../control-plane.ts";
import { attributionOf } from "../attribution/attributions.ts";
import { schemaOf } from "../events/datasets.ts";
import { metadataFieldsOf } from "../schema/avro-schema.ts";
import { reportName, reportOf } from "../attribution/report.ts";
import type { DatasetType, ImportFile, ImportJob, ImportResult } from "../job-runner.ts";
import type { Rows } from "../model.ts";
import { JobRefused, keyIn, openRoleBucket, parseS3Location } from "./role-bucket.ts";
import type { WorkOutcome } from "./transitions.ts";

export interface ImportWorkResult extends ImportResult {
  readonly mode: "FULL" | "INCREMENTAL";
  readonly bytes: number;
}

export async function importWork(plane: ControlPlane, jobArn: string): Promise<WorkOutcome> {
  const job = find(plane, "datasetImportJob", jobArn);
  const dataset = find(plane, "dataset", job.datasetArn);
  const dataLocation = job.dataSource.dataLocation ?? "";
  try {
    assertBulkDataExists(plane, job);
    const files = await openableFiles(plane, job, dataset.datasetType);
    assertSizeFits(plane, job, files);
    const handle = plane.jobs.importDataset({
      jobArn,
      datasetArn: dataset.datasetArn,
      datasetGroupArn: dataset.datasetGroupArn,
      datasetType: dataset.datasetType as DatasetType,
      schema: find(plane, "schema", dataset.schemaArn).schema,
      mode: job.importMode,
      dataLocation,
      files,
      ...limitsOf(plane, dataset),
      ...countedBy(plane, job, dataset),
      progress: (progress) => plane.progress({ kind: "import", jobArn, ...progress }),
    });
    const outcome = await handle.done;
    if (outcome.kind !== "succeeded") return outcome;
    await writeReport(plane, job, { ...dataset, ...outcome.result });
    const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const result: ImportWorkResult = { ...outcome.result, mode: job.importMode, bytes };
    return { kind: "succeeded", result };
  } catch (error) {
    if (error instanceof JobRefused) return { kind: "failed", failureReason: error.message };
    throw error;
  }
}

function limitsOf(plane: ControlPlane, dataset: Rows["dataset"]): Pick<ImportJob, "mostRowsStored" | "mostEventTypes"> {
  const { actions, eventTypesAndColumns } = plane.settings.quotas;
  if (dataset.datasetType === "ACTIONS") return { mostRowsStored: actions };
  if (dataset.datasetType !== "INTERACTIONS") return {};
  return { mostEventTypes: eventTypesAndColumns - metadataFieldsOf(plane.schemas(schemaOf(plane, dataset))).length };
}

/** CloudWatch hears of what is added; a report is written of any import that asks for one. */
function countedBy(
  plane: ControlPlane,
  { importMode, publishAttributionMetricsToS3 }: Rows["datasetImportJob"],
  { datasetType, datasetGroupArn }: Rows["dataset"],
): Pick<ImportJob, "attribution"> {
  if (datasetType !== "INTERACTIONS") return {};
  if (importMode === "FULL" && publishAttributionMetricsToS3 !== true) return {};
  const attribution = plane.attributions.ofImport(datasetGroupArn);
  return attribution ? { attribution } : {};
}

/** A report that cannot be written fails the job, though its rows are in: somebody asked for it. */
async function writeReport(
  plane: ControlPlane,
  {
    datasetImportJobArn: jobArn,
    importMode,
    creationDateTime,
    publishAttributionMetricsToS3,
  }: Rows["datasetImportJob"],
  { datasetGroupArn, attributed }: Rows["dataset"] & Pick<ImportResult, "attributed">,
): Promise<void> {
  const output = attributionOf(plane, datasetGroupArn)?.metricsOutputConfig;
  const location = parseS3Location(output?.s3DataDestination?.path ?? "");
  if (publishAttributionMetricsToS3 !== true || !attributed || !location) return;
  const { roleArn = "", s3DataDestination } = output ?? {};
  const prefix = "The data are imported, but the report of their metric attribution cannot be written.";
  const { kmsKeyArn } = s3DataDestination ?? {};
  const bucket = openRoleBucket(plane, { roleArn, jobArn, session: "PersonalizeMetrics", kmsKeyArn, prefix });
  const name = reportName(importMode, Math.floor(creationDateTime / 1000));
  await bucket.write(location.bucket, keyIn(location, name), reportOf(attributed));
}

function assertBulkDataExists(plane: ControlPlane, job: Rows["datasetImportJob"]): void {
  if (job.importMode !== "INCREMENTAL" || plane.jobs.hasBulkData(job.datasetArn)) return;
  throw new JobRefused(
    "An INCREMENTAL import needs bulk data to add to: import into this dataset once with importMode FULL first.",
  );
}

function assertSizeFits(
  { settings: { quotas } }: ControlPlane,
  { importMode, dataSource }: Rows["datasetImportJob"],
  files: readonly ImportFile[],
): void {
  const most = importMode === "INCREMENTAL" ? quotas.incrementalImportBytes : quotas.fullImportBytes;
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (bytes <= most) return;
  throw new JobRefused(
    `${dataSource.dataLocation} has ${bytes} bytes; an import with importMode ${importMode} may have ${most} at most.`,
  );
}

async function openableFiles(
  plane: ControlPlane,
  { dataSource, roleArn, datasetImportJobArn: jobArn }: Rows["datasetImportJob"],
  datasetType: string,
): Promise<ImportFile[]> {
  const location = parseS3Location(dataSource.dataLocation ?? "");
  if (!location) throw new JobRefused("Invalid Data location.");
  const prefix = `Failed to create a data import job for ${datasetType} dataset.`;
  const bucket = openRoleBucket(plane, { roleArn, jobArn, session: "PersonalizeImport", prefix });
  const files = await bucket.files(location);
  return files.map(({ key, sizeBytes }) => ({ key, sizeBytes, open: () => bucket.read(location.bucket, key) }));
}
