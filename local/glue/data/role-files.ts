/** S3 as a run of Glue sees it: with the permissions of the role it was given, which Glue must be able to assume. */
import type { Readable } from "node:stream";
import type { Authorizer, Caller, ObjectInfo, ObjectStore } from "../../cloud/ports/service.ts";

export const servicePrincipal = "glue.amazonaws.com";

export interface FileReference {
  readonly bucket: string;
  readonly key: string;
}

export interface RoleFiles {
  /** The files below a location, in key order; like Hive, not those that are hidden by a `_` or `.` before a name. */
  list(location: string): Promise<FileReference[]>;
  read(file: FileReference): Promise<Readable>;
}

export interface RoleFilesOptions {
  readonly objects: ObjectStore;
  readonly authorizer: Authorizer;
  readonly roleArn: string;
  readonly session: string;
}

/** S3's and IAM's refusals come out as they are. */
export function openRoleFiles({ objects, authorizer, roleArn, session }: RoleFilesOptions): RoleFiles {
  const asRole: Caller = { kind: "role", roleArn, session };
  return {
    async list(location) {
      authorizer.assertAssumable(roleArn, servicePrincipal);
      const { bucket, key } = parseLocation(location);
      const folder = key === "" || key.endsWith("/") ? key : `${key}/`;
      const listed = await objects.list(bucket, key, asRole);
      const meant = listed.filter((object) => object.key === key || object.key.startsWith(folder));
      return meant.filter((object) => isData(object, folder)).map((object) => ({ bucket, key: object.key }));
    },
    read: ({ bucket, key }) => objects.read(bucket, key, asRole),
  };
}

const isData = ({ key, sizeBytes }: ObjectInfo, folder: string) =>
  sizeBytes > 0 &&
  !key
    .slice(folder.length)
    .split("/")
    .some((name) => /^[_.]/.test(name));

/** `s3://bucket/key`; anything else has no bucket, which S3 refuses by name. */
export function parseLocation(location: string): FileReference {
  const [, bucket = "", key = ""] = /^s3a?:\/\/([^/]+)\/?(.*)$/.exec(location) ?? [];
  return { bucket, key };
}
