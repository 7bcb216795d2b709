/** Asks IAM before an operation runs, and words refusals as S3 does. */
import { AwsError } from "../cloud/ports/aws-error.ts";
import type { AccessRequest, Authorizer, CallContext, Caller } from "../cloud/ports/service.ts";
import { accessOf } from "./access.ts";
import { accessDenied, S3Error } from "./errors.ts";
import type { S3Operation } from "./operations.ts";

type Input = Readonly<Record<string, unknown>>;

export interface Guard {
  /** Throws AccessDenied (403). */
  assertAllowed(caller: Caller, requests: readonly AccessRequest[]): void;
  /** The operation, except that whoever may not list a bucket does not learn that a key is missing. */
  hidingMissing(operation: S3Operation): S3Operation;
  run(name: string, input: Input, context: CallContext, operation: S3Operation): Promise<unknown>;
}

interface DeleteEntry {
  readonly Key?: string;
  readonly VersionId?: string;
}

export function createGuard(authorizer: Authorizer): Guard {
  function assertAllowed(caller: Caller, requests: readonly AccessRequest[]): void {
    for (const request of requests) {
      try {
        authorizer.authorize(caller, request);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        throw Object.assign(accessDenied(error.message), { cause: error });
      }
    }
  }

  const isAllowed = (caller: Caller, requests: readonly AccessRequest[]): boolean => {
    try {
      assertAllowed(caller, requests);
      return true;
    } catch (error) {
      if (error instanceof S3Error) return false;
      throw error;
    }
  };

  const hidingMissing =
    (operation: S3Operation): S3Operation =>
    async (input, context) => {
      try {
        return await operation(input, context);
      } catch (error) {
        const isMissing = error instanceof S3Error && error.name === "NoSuchKey";
        const listing = accessOf("ListObjectsV2", { Bucket: input.Bucket, Prefix: input.Key });
        throw !isMissing || isAllowed(context.caller, listing) ? error : accessDenied("Access Denied");
      }
    };

  async function runChecked(
    name: string,
    input: Input,
    context: CallContext,
    operation: S3Operation,
  ): Promise<unknown> {
    if (name !== "DeleteObjects") {
      assertAllowed(context.caller, accessOf(name, input));
      return operation(input, context);
    }
    return deleteAllowed(input, context, operation);
  }

  /** DeleteObjects answers for each key by itself, refusals included. */
  async function deleteAllowed(input: Input, context: CallContext, operation: S3Operation): Promise<unknown> {
    const { Objects = [], ...how } = (input.Delete ?? {}) as { Objects?: DeleteEntry[] };
    const allowed = Objects.filter((entry) =>
      isAllowed(context.caller, accessOf("DeleteObjects", { Bucket: input.Bucket, Delete: { Objects: [entry] } })),
    );
    if (allowed.length === Objects.length) return operation(input, context);
    const refused = Objects.filter((entry) => !allowed.includes(entry));
    const errors = refused.map((entry) => ({ ...entry, Code: "AccessDenied", Message: "Access Denied" }));
    if (allowed.length === 0) return { Deleted: [], Errors: errors };
    const output = (await operation({ ...input, Delete: { ...how, Objects: allowed } }, context)) as {
      Errors?: object[];
    };
    return { ...output, Errors: [...(output.Errors ?? []), ...errors] };
  }

  const run: Guard["run"] = (name, input, context, operation) =>
    runChecked(name, input, context, hidingMissing(operation));
  return { assertAllowed, hidingMissing, run };
}
