/**
 * Errors the wire knows by name. `name` is what the AWS SDK switches on, word for word; anything thrown that is not an
 * AwsError is our own bug and becomes a 500 `InternalFailure` with the request id, its stack in the log.
 */
export interface AwsErrorOptions extends ErrorOptions {
  /** HTTP status, default 400. */
  readonly status?: number;
  /** Further members of the error's body, e.g. S3's `BucketName`. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export class AwsError extends Error {
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(name: string, message: string, options: AwsErrorOptions = {}) {
    super(message, options);
    this.name = name;
    this.status = options.status ?? 400;
    this.details = options.details ?? {};
  }
}

/** IAM's refusal, worded as the services do. */
export class AccessDeniedException extends AwsError {
  constructor(
    principal: string,
    action: string,
    resource: string,
    status = 400,
    because = `because no identity-based policy allows the ${action} action`,
  ) {
    super(
      "AccessDeniedException",
      `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} ${because}`,
      { status },
    );
  }
}
