/** The object that `x-amz-copy-source` names, its conditions judged: a copy's failed condition is always a 412. */
import type { CopyObjectCommandInput } from "@aws-sdk/client-s3";
import { judgeRead } from "../conditions/read-conditions.ts";
import { invalidArgument, preconditionFailed } from "../errors.ts";
import type { ObjectVersion } from "../model.ts";
import type { Catalog } from "../storage/catalog.ts";
import { findVersion } from "./find-version.ts";

type CopySourceInput = Pick<
  CopyObjectCommandInput,
  | "CopySource"
  | "CopySourceIfMatch"
  | "CopySourceIfNoneMatch"
  | "CopySourceIfModifiedSince"
  | "CopySourceIfUnmodifiedSince"
>;

export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // S3 takes an undecodable source literally
  }
}

/** Reads `[/]bucket/key[?versionId=id]`, percent-encoded or not. Throws InvalidArgument. */
export function parseCopySource(header: string): CopySource {
  const [path = "", query] = header.split(/\?(?=versionId=)/, 2);
  const [bucket = "", ...rest] = decode(path).replace(/^\//, "").split("/");
  const key = rest.join("/");
  if (bucket === "" || key === "") {
    throw invalidArgument(
      "x-amz-copy-source",
      header,
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
    );
  }
  return { bucket, key, versionId: query?.slice("versionId=".length) };
}

export function findCopySource(catalog: Catalog, input: CopySourceInput): ObjectVersion {
  const version = findVersion(catalog, parseCopySource(input.CopySource ?? ""));
  const conditions = {
    IfMatch: input.CopySourceIfMatch,
    IfNoneMatch: input.CopySourceIfNoneMatch,
    IfModifiedSince: input.CopySourceIfModifiedSince,
    IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  };
  const verdict = judgeRead(conditions, version.etag, version.lastModified);
  if (verdict.kind === "failed") throw preconditionFailed(`x-amz-copy-source-${verdict.condition}`);
  if (verdict.kind === "not-modified") throw preconditionFailed("x-amz-copy-source-If-None-Match");
  return version;
}
