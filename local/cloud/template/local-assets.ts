/** Tells provisioners where an asset lies on this machine: `localAsset` beside bucket and key of a location. */
import type { Assembly } from "./assembly.ts";

/** The spellings of a location in CloudFormation: Lambda's `Code`, Step Functions' `DefinitionS3Location`; Glue's `Command` has a URL. */
const spellings = [
  ["S3Bucket", "S3Key"],
  ["Bucket", "Key"],
] as const;

export function withLocalAssets(value: unknown, assembly: Pick<Assembly, "localAsset">): unknown {
  if (Array.isArray(value)) return value.map((item) => withLocalAssets(item, assembly));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withLocalAssets(member, assembly)]),
  );
  for (const [bucketKey, keyKey] of spellings) {
    const { [bucketKey]: bucket, [keyKey]: key } = members;
    if (typeof bucket !== "string" || typeof key !== "string") continue;
    const localAsset = assembly.localAsset(bucket, key);
    if (localAsset !== undefined) return { ...members, localAsset };
  }
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(textOf(members.ScriptLocation)) ?? [];
  const script = bucket && key ? assembly.localAsset(bucket, key) : undefined;
  return script === undefined ? members : { ...members, localAsset: script };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
