/** Why an import or a training ends as CREATE FAILED: expected outcomes, the message is the `failureReason`. */

/** The data do not allow it. */
export class DataFailure extends Error {
  override readonly name: string = "DataFailure";
}

/** The data cannot be had: the bucket's refusal, in its own words. */
export class SourceFailure extends DataFailure {
  override readonly name = "SourceFailure";
}

/** The service opens the reason of an import with this sentence. */
export function importFailure(datasetType: string, reason: string): DataFailure {
  return new DataFailure(`Failed to create a data import job for ${datasetType} dataset....${reason}`);
}
