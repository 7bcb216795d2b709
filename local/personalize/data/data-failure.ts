/** Why an import or a training ends as CREATE FAILED: an expected outcome, its message is the `failureReason`. */
export class DataFailure extends Error {
  override readonly name = "DataFailure";
}

/** The service opens every import's reason with this sentence. */
export function importFailure(datasetType: string, reason: string): DataFailure {
  return new DataFailure(`Failed to create a data import job for ${datasetType} dataset....${reason}`);
}
