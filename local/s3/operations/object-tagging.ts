/** GetObjectTagging, PutObjectTagging, DeleteObjectTagging: tags change in place and make no new version. */
import type {
  DeleteObjectTaggingCommandInput,
  DeleteObjectTaggingCommandOutput,
  GetObjectTaggingCommandInput,
  GetObjectTaggingCommandOutput,
  PutObjectTaggingCommandInput,
  PutObjectTaggingCommandOutput,
  Tag,
} from "@aws-sdk/client-s3";
import type { BindOperation, S3Internals } from "../internals.ts";
import type { ObjectVersion } from "../model.ts";
import { checkTags } from "../objects/attributes.ts";
import { findVersion } from "../objects/find-version.ts";

const versionOf = (s3: S3Internals, input: GetObjectTaggingCommandInput): ObjectVersion =>
  findVersion(s3.catalog, { bucket: input.Bucket ?? "", key: input.Key ?? "", versionId: input.VersionId });

const idMember = ({ versionId }: ObjectVersion) => (versionId === "null" ? {} : { VersionId: versionId });

async function retag(s3: S3Internals, version: ObjectVersion, tags: readonly Tag[]) {
  s3.catalog.deleteVersion(version);
  s3.catalog.putVersion({ ...version, tags });
  await s3.commit();
  return idMember(version);
}

export const getObjectTagging: BindOperation<GetObjectTaggingCommandInput, GetObjectTaggingCommandOutput> =
  (s3) => (input) => {
    const version = versionOf(s3, input);
    return { TagSet: [...version.tags], ...idMember(version) };
  };

export const putObjectTagging: BindOperation<PutObjectTaggingCommandInput, PutObjectTaggingCommandOutput> =
  (s3) => (input) =>
    retag(s3, versionOf(s3, input), checkTags(input.Tagging?.TagSet ?? []));

export const deleteObjectTagging: BindOperation<DeleteObjectTaggingCommandInput, DeleteObjectTaggingCommandOutput> =
  (s3) => (input) =>
    retag(s3, versionOf(s3, input), []);
