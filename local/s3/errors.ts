/** S3's errors, in S3's codes, words and statuses. `details` become further elements of the `<Error>` document. */
import { AwsError } from "../cloud/ports/aws-error.ts";

interface S3ErrorOptions extends ErrorOptions {
  readonly status?: number;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Response headers that belong to the refusal, e.g. `x-amz-delete-marker`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export class S3Error extends AwsError {
  readonly headers: Readonly<Record<string, string>>;
  constructor(code: string, message: string, options: S3ErrorOptions = {}) {
    super(code, message, options);
    this.headers = options.headers ?? {};
  }
}

export const noSuchBucket = (bucket: string) =>
  new S3Error("NoSuchBucket", "The specified bucket does not exist", { status: 404, details: { BucketName: bucket } });

export const noSuchKey = (key: string, headers: Record<string, string> = {}) =>
  new S3Error("NoSuchKey", "The specified key does not exist.", { status: 404, details: { Key: key }, headers });

export const noSuchVersion = (key: string, versionId: string) =>
  new S3Error("NoSuchVersion", "The specified version does not exist.", {
    status: 404,
    details: { Key: key, VersionId: versionId },
  });

export const noSuchUpload = (uploadId: string) =>
  new S3Error(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    { status: 404, details: { UploadId: uploadId } },
  );

export const methodNotAllowed = (method: string, headers: Record<string, string>) =>
  new S3Error("MethodNotAllowed", "The specified method is not allowed against this resource.", {
    status: 405,
    details: { Method: method, ResourceType: "DeleteMarker" },
    headers,
  });

export const preconditionFailed = (condition: string) =>
  new S3Error("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    status: 412,
    details: { Condition: condition },
  });

export const conditionalRequestConflict = (key: string) =>
  new S3Error(
    "ConditionalRequestConflict",
    "The conditional request cannot succeed due to a conflicting operation against this resource.",
    { status: 409, details: { Key: key } },
  );

export const invalidArgument = (name: string, value: string, message: string) =>
  new S3Error("InvalidArgument", message, { details: { ArgumentName: name, ArgumentValue: value } });

export const invalidRequest = (message: string) => new S3Error("InvalidRequest", message);

export const malformedXml = (cause?: unknown) =>
  new S3Error(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
    { cause },
  );

export const accessDenied = (message: string, details: Readonly<Record<string, unknown>> = {}) =>
  new S3Error("AccessDenied", message, { status: 403, details });

export const notImplemented = (what: string) =>
  new S3Error("NotImplemented", `${what} is not part of the embedded S3: see docs/support.md`, { status: 501 });

export const badDigest = (what: string) =>
  new S3Error("BadDigest", `The ${what} you specified did not match the calculated checksum.`);

export const incompleteBody = (message: string) => new S3Error("IncompleteBody", message);

export const payloadMismatch = () =>
  new S3Error(
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
