/** The service's errors, each in its own words (facts 35, 37, 38, 39, 41). */
import { AwsError } from "../cloud/ports/aws-error.ts";

export const stateMachineDoesNotExist = (arn: string) =>
  new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);

export const stateMachineAlreadyExists = (arn: string) =>
  new AwsError("StateMachineAlreadyExists", `State Machine Already Exists: '${arn}'`);

export const executionDoesNotExist = (arn: string) =>
  new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);

export const executionAlreadyExists = (arn: string) =>
  new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);

export const executionNotRedrivable = (reason: string) => new AwsError("ExecutionNotRedrivable", reason);

export const invalidExecutionInput = (detail: string) =>
  new AwsError("InvalidExecutionInput", `Invalid State Machine Execution Input: '${detail}'`);

export const invalidDefinition = (detail: string) =>
  new AwsError("InvalidDefinition", `Invalid State Machine Definition: '${detail}'`);

export const invalidToken = (detail = "Invalid token") => new AwsError("InvalidToken", `Invalid Token: '${detail}'`);

export const invalidOutput = (detail: string) => new AwsError("InvalidOutput", `Invalid Output: '${detail}'`);

/** The token was ours but nobody waits for it any more. */
export const taskTimedOut = () =>
  new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");

export const resourceNotFound = (arn: string) => new AwsError("ResourceNotFound", `Resource not found: '${arn}'`);

export const validationException = (message: string) => new AwsError("ValidationException", message);

export const conflict = (message: string) => new AwsError("ConflictException", message);

export const missingRequiredParameter = (message: string) => new AwsError("MissingRequiredParameter", message);

export const typeNotSupported = (message: string) => new AwsError("StateMachineTypeNotSupported", message);
