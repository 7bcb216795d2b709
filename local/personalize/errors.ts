/** The exceptions of the three Personalize APIs, with AWS's names and, where they are known, AWS's sentences. */
import { AwsError } from "../cloud/ports/aws-error.ts";

/** Fix the input, then call again. */
export class InvalidInputException extends AwsError {
  constructor(message: string) {
    super("InvalidInputException", message);
  }
}

/** @param status 400 on the control plane, 404 on the runtime and events APIs. */
export class ResourceNotFoundException extends AwsError {
  constructor(arn: string, status: 400 | 404 = 400) {
    super("ResourceNotFoundException", `Resource Arn ${arn} does not exist.`, { status });
  }
}

export class ResourceAlreadyExistsException extends AwsError {
  constructor(arn: string) {
    super("ResourceAlreadyExistsException", `Another resource with Arn ${arn} already exists.`);
  }
}

/** Wait, then call again. @param status 400 on the control plane, 409 on the events API. */
export class ResourceInUseException extends AwsError {
  constructor(message: string, status: 400 | 409 = 400) {
    super("ResourceInUseException", message, { status });
  }
}

export class LimitExceededException extends AwsError {
  constructor(message: string) {
    super("LimitExceededException", message);
  }
}

/** So many jobs at once, and no more. */
export const tooManyJobs = (quota: number) =>
  new LimitExceededException(`More than ${quota} resources with PENDING or IN_PROGRESS status.`);

/** So many resources of a kind, and no more. */
export const tooManyResources = (noun: string, quota: number) =>
  new LimitExceededException(
    `Cannot create ${noun}. More than ${quota} resources in ACTIVE state. Please delete some and try again.`,
  );

export class InvalidNextTokenException extends AwsError {
  constructor() {
    super(
      "InvalidNextTokenException",
      "The nextToken is not valid: pass the token of the previous answer to the same operation with the same filter.",
    );
  }
}

export class TooManyTagsException extends AwsError {
  constructor(arn: string, quota: number) {
    super("TooManyTagsException", `${arn} would have more than ${quota} tags.`);
  }
}

export class TooManyTagKeysException extends AwsError {
  constructor(count: number, quota: number) {
    super("TooManyTagKeysException", `${count} tag keys in one request; at most ${quota} are allowed.`);
  }
}
