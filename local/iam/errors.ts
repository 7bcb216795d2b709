/** What IAM refuses, in its names and words. */
import { AwsError } from "../cloud/ports/aws-error.ts";

export const noSuchEntity = (sentence: string) => new AwsError("NoSuchEntityException", sentence, { status: 404 });

export const alreadyExists = (kind: string, name: string) =>
  new AwsError("EntityAlreadyExistsException", `${kind} with name ${name} already exists.`, { status: 409 });

/** Something is still attached to what is to be deleted. */
export const deleteConflict = (sentence: string) => new AwsError("DeleteConflictException", sentence, { status: 409 });

export const malformed = (sentence: string) => new AwsError("MalformedPolicyDocumentException", sentence);
