/** S3's checksum algorithms: how each is computed over a stream, and which headers and members carry it. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { Crc32c, Crc64Nvme } from "@aws-sdk/checksums/crc";
import { Xxh3_128, Xxh3_64, Xxh64 } from "@aws-sdk/checksums/xxh";
import type { ChecksumAlgorithm } from "@aws-sdk/client-s3";

/** A running digest. `digest` ends it. */
export interface Digest {
  update(chunk: Uint8Array): void;
  digest(): Promise<Uint8Array>;
}

interface AlgorithmFacts {
  /** The member of requests and answers that carries it. */
  readonly member: ChecksumMember;
  readonly header: string;
  readonly lengthBytes: number;
  /** May checksums of parts be combined into one of the whole object? */
  readonly linear: boolean;
  readonly start: () => Digest;
}

export type ChecksumMember = `Checksum${ChecksumAlgorithm}`;
export type ChecksumMembers = Partial<Record<ChecksumMember, string>>;

const nodeHash = (name: string) => (): Digest => {
  const hash = createHash(name);
  return { update: (chunk) => void hash.update(chunk), digest: async () => hash.digest() };
};

const zlibCrc32 = (): Digest => {
  let value = 0;
  return {
    update: (chunk) => void (value = crc32(chunk, value)),
    digest: async () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    },
  };
};

const facts = (name: ChecksumAlgorithm, lengthBytes: number, linear: boolean, start: () => Digest): AlgorithmFacts => ({
  member: `Checksum${name}`,
  header: `x-amz-checksum-${name.toLowerCase()}`,
  lengthBytes,
  linear,
  start,
});

export const algorithms: Readonly<Record<ChecksumAlgorithm, AlgorithmFacts>> = {
  CRC32: facts("CRC32", 4, true, zlibCrc32),
  CRC32C: facts("CRC32C", 4, true, () => new Crc32c()),
  CRC64NVME: facts("CRC64NVME", 8, true, () => new Crc64Nvme()),
  SHA1: facts("SHA1", 20, false, nodeHash("sha1")),
  SHA256: facts("SHA256", 32, false, nodeHash("sha256")),
  SHA512: facts("SHA512", 64, false, nodeHash("sha512")),
  MD5: facts("MD5", 16, false, nodeHash("md5")),
  XXHASH64: facts("XXHASH64", 8, false, () => new Xxh64()),
  XXHASH3: facts("XXHASH3", 8, false, () => new Xxh3_64()),
  XXHASH128: facts("XXHASH128", 16, false, () => new Xxh3_128()),
};

export const algorithmNames = Object.keys(algorithms) as ChecksumAlgorithm[];

const byHeader = new Map(algorithmNames.map((name) => [algorithms[name].header, name]));

/** The algorithm of an `x-amz-checksum-*` header name, in any case. */
export const algorithmOfHeader = (header: string): ChecksumAlgorithm | undefined => byHeader.get(header.toLowerCase());

/** The checksums that a request states, by algorithm. */
export function statedChecksums(members: ChecksumMembers): Map<ChecksumAlgorithm, string> {
  const stated = algorithmNames.map((name) => [name, members[algorithms[name].member]] as const);
  return new Map(stated.filter((pair): pair is [ChecksumAlgorithm, string] => pair[1] !== undefined));
}

/** The digest of parts' digests, `<base64>-<parts>`: S3's COMPOSITE checksum. */
export async function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): Promise<string> {
  const digest = algorithms[algorithm].start();
  for (const part of parts) digest.update(Buffer.from(part, "base64"));
  return `${Buffer.from(await digest.digest()).toString("base64")}-${parts.length}`;
}
