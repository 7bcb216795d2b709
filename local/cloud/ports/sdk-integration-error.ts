/** How a call through Step Functions' SDK integration fails, in the words that Retry and Catch match on. */
/** What a Task state fails with: `error` is matched by Retry and Catch, `cause` is for the reader. */
export class SdkIntegrationError extends Error {
  readonly error: string;
  override readonly cause: string;
  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.name = "SdkIntegrationError";
    this.error = error;
    this.cause = cause;
  }
}
