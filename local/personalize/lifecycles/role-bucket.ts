/**
 * The bucket as a job of Personalize sees it: through the role it was given, which the service must be able to assume, and through the
 * bucket's own policy, which must admit the service. Both are asked at each step, as the service does.
 */
import type { Readable } from "node:stream";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { Caller, ObjectInfo } from "../../cloud/ports/service.ts";
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";

export const servicePrincipal = "personalize.amazonaws.com";

export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** `s3://bucket/key` or `s3://bucket/folder/`; undefined for anything else. */
export function parseS3Location(location: string): S3Location | undefined {
  const match = /^s3:\/\/([a-z\d][a-z\d.-]{1,61}[a-z\d])\/(.*)$/.exec(location);
  return match ? { bucket: match[1] ?? "", key: match[2] ?? "" } : undefined;
}

/** What a location means: the one file of that key, or the files in the folder, directly or at any depth. In key order. Pure. */
export function filesMeant({ key }: S3Location, listed: readonly ObjectInfo[], depth: Depth = "folder"): ObjectInfo[] {
  const isFolder = key === "" || key.endsWith("/");
  const meant = isFolder
    ? (candidate: string) =>
        candidate.startsWith(key) && (depth === "tree" || !candidate.slice(key.length).includes("/"))
    : (candidate: string) => candidate === key;
  return listed
    .filter((object) => meant(object.key) && object.key !== key + (isFolder ? "" : "/") && object.sizeBytes > 0)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The key of an output in the folder that a location names, with or without its last slash. Pure. */
export const keyIn = ({ key }: S3Location, name: string) =>
  key === "" || key.endsWith("/") ? `${key}${name}` : `${key}/${name}`;

/** Whether folders within a folder are meant as well: only data deletion jobs mean them. */
export type Depth = "folder" | "tree";

/** A refusal whose message is the job's failureReason. */
export class JobRefused extends Error {}

export interface RoleBucket {
  /** The files that a location means; JobRefused when there are none. */
  files(location: S3Location, depth?: Depth): Promise<ObjectInfo[]>;
  read(bucket: string, key: string): Promise<Readable>;
  write(bucket: string, key: string, body: Readable | string): Promise<void>;
}

export interface RoleBucketOptions {
  readonly roleArn: string;
  readonly jobArn: string;
  readonly session: string;
  /** What is written is locked with this key. */
  readonly kmsKeyArn?: string | undefined;
  /** Put before the reason of a refusal. */
  readonly prefix?: string;
}

/** Refusals become JobRefused in Personalize's words. */
export function openRoleBucket(plane: ControlPlane, options: RoleBucketOptions): RoleBucket {
  const { roleArn, jobArn, session } = options;
  const asRole: Caller = { kind: "role", roleArn, session };
  const lock = options.kmsKeyArn === undefined ? {} : { kmsKeyArn: options.kmsKeyArn };
  const guarded = async <T>(action: string, resource: string, run: () => Promise<T>): Promise<T> => {
    try {
      plane.authorizer.assertAssumable(roleArn, servicePrincipal, jobArn);
      assertBucketAdmitsService(plane, jobArn, action, resource);
      return await run();
    } catch (error) {
      throw refusalOf(error, options.prefix ?? "");
    }
  };
  return {
    async files(location, depth) {
      const { bucket, key } = location;
      const list = () => plane.objects.list(bucket, key, asRole);
      const files = filesMeant(location, await guarded("s3:ListBucket", bucket, list), depth);
      if (files.length === 0) throw new JobRefused("Invalid Data location.");
      return files;
    },
    read: (bucket, key) => guarded("s3:GetObject", `${bucket}/${key}`, () => plane.objects.read(bucket, key, asRole)),
    async write(bucket, key, body) {
      const put = () => plane.objects.write(bucket, key, body, asRole, lock);
      await guarded("s3:PutObject", `${bucket}/${key}`, put);
    },
  };
}

/** The role is not enough: the bucket's policy must let the service in as well. */
function assertBucketAdmitsService(
  { authorizer, account }: Pick<ControlPlane, "authorizer" | "account">,
  jobArn: string,
  action: string,
  resource: string,
): void {
  authorizer.authorize(
    { kind: "service", principal: servicePrincipal },
    {
      action,
      resource: `arn:aws:s3:::${resource}`,
      conditions: { "aws:SourceAccount": account, "aws:SourceArn": jobArn },
    },
  );
}

/** S3's and IAM's refusals in Personalize's words; bugs go on untouched. */
function refusalOf(error: unknown, prefix: string): unknown {
  if (!(error instanceof AwsError)) return error;
  const missing = ["NoSuchBucket", "NoSuchKey", "NotFound"].includes(error.name);
  const reason = missing ? "Invalid Data location." : "Insufficient privileges for accessing data in Amazon S3.";
  return new JobRefused([prefix, reason, error.message].filter((part) => part !== "").join(" "), { cause: error });
}

/** The role of a job must be of this account, and be there. */
export function assertOwnRole(
  { account }: Pick<ControlPlane, "account">,
  roleArn: string | undefined,
): asserts roleArn is string {
  if (roleArn === undefined) {
    throw new InvalidInputException("roleArn is required: the role with which Personalize reads the bucket.");
  }
  if (roleArn.split(":")[4] !== account) {
    throw new AwsError("AccessDeniedException", "Cross-account pass role is not allowed.");
  }
}
