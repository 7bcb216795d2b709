/** S3 as an AwsService for callers in this process (Step Functions' `aws-sdk:s3:*`): the same operations as on the wire. */
import type { AwsService } from "../cloud/ports/service.ts";
import { accessOf } from "./access.ts";
import type { Guard } from "./guard.ts";
import type { S3Operations } from "./operations.ts";

/** `Body` goes in as text, bytes or a stream and comes out as a stream, so that its reader can set the limit. */
export function createS3Service(operations: S3Operations, guard: Guard, resume: () => Promise<void>): AwsService {
  const entries = Object.entries(operations).map(([name, operation]) => [name, guard.hidingMissing(operation)]);
  return {
    id: "s3",
    operations: Object.fromEntries(entries) as AwsService["operations"],
    access: (operation, input: Readonly<Record<string, unknown>>) => accessOf(operation, input),
    resume,
  };
}
