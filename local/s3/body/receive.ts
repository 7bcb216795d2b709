/** Takes a body in: stores it in one file while computing every digest that somebody stated or will want, then compares. */
import { createHash } from "node:crypto";
import type { ChecksumAlgorithm } from "@aws-sdk/client-s3";
import { badDigest, incompleteBody, invalidRequest, payloadMismatch, S3Error } from "../errors.ts";
import type { StoredFile } from "../model.ts";
import type { DataFiles } from "../storage/data-files.ts";
import { algorithmOfHeader, algorithms, statedChecksums, type ChecksumMembers, type Digest } from "./checksums.ts";
import type { ObjectBody } from "./object-body.ts";

export interface Claims extends ChecksumMembers {
  readonly ContentMD5?: string | undefined;
  readonly ContentLength?: number | undefined;
  /** Compute this one even where the sender states none. */
  readonly ChecksumAlgorithm?: ChecksumAlgorithm | undefined;
}

export interface Received {
  readonly file: StoredFile;
  /** Hexadecimal. */
  readonly md5: string;
  /** The object's own checksum, where the sender named an algorithm. */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/** Throws BadDigest, InvalidDigest, IncompleteBody or XAmzContentSHA256Mismatch, and then keeps nothing. */
export async function receive(files: DataFiles, body: ObjectBody, claims: Claims): Promise<Received> {
  const stated = statedChecksums(claims);
  checkForm(stated, claims.ContentMD5);
  const md5 = createHash("md5");
  const sha256 = body.sha256 === undefined ? undefined : createHash("sha256");
  const digests = startDigests(stated, body, claims.ChecksumAlgorithm);
  const file = await files.write(body.chunks, (chunk) => {
    md5.update(chunk);
    sha256?.update(chunk);
    for (const digest of digests.values()) digest.update(chunk);
  });
  try {
    checkLength(file.sizeBytes, body.lengthBytes ?? claims.ContentLength);
    if (sha256 && sha256.digest("hex") !== body.sha256) throw payloadMismatch();
    const md5Bytes = md5.digest();
    if (claims.ContentMD5 !== undefined && md5Bytes.toString("base64") !== claims.ContentMD5)
      throw badDigest("Content-MD5");
    const checksum = await compare(digests, withTrailers(stated, body));
    return {
      file: { ...file, ...(checksum && { checksum: checksum.value }) },
      md5: md5Bytes.toString("hex"),
      ...(checksum && { checksum }),
    };
  } catch (error) {
    await files.discard([file]);
    throw error;
  }
}

function checkForm(stated: ReadonlyMap<ChecksumAlgorithm, string>, contentMd5: string | undefined): void {
  if (stated.size > 1)
    throw invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  for (const [name, value] of stated) {
    if (Buffer.from(value, "base64").length !== algorithms[name].lengthBytes)
      throw invalidRequest(`Value for ${algorithms[name].header} header is invalid.`);
  }
  if (contentMd5 !== undefined && Buffer.from(contentMd5, "base64").length !== 16)
    throw new S3Error("InvalidDigest", "The Content-MD5 you specified was invalid.");
}

function startDigests(
  stated: ReadonlyMap<ChecksumAlgorithm, string>,
  body: ObjectBody,
  wanted: ChecksumAlgorithm | undefined,
) {
  const announced = body.announced.map(algorithmOfHeader).filter((name) => name !== undefined);
  const names = new Set([...stated.keys(), ...announced, ...(wanted ? [wanted] : [])]);
  for (const name of names)
    if (!(name in algorithms)) throw invalidRequest(`Checksum algorithm provided is unsupported: ${name}`);
  return new Map([...names].map((name) => [name, algorithms[name].start()]));
}

function checkLength(sizeBytes: number, declared: number | undefined): void {
  if (declared === undefined || declared === sizeBytes) return;
  throw incompleteBody(
    `You did not provide the number of bytes specified by the Content-Length HTTP header: ${declared} declared, ${sizeBytes} received`,
  );
}

function withTrailers(
  stated: ReadonlyMap<ChecksumAlgorithm, string>,
  body: ObjectBody,
): Map<ChecksumAlgorithm, string> {
  const all = new Map(stated);
  for (const header of body.announced) {
    const name = algorithmOfHeader(header);
    const value = body.trailers.get(header.toLowerCase());
    if (name && value === undefined) throw incompleteBody(`The trailer ${header} was announced and did not come`);
    if (name && value !== undefined) all.set(name, value);
  }
  return all;
}

/** The first digest computed, after every stated one proved right. */
async function compare(
  digests: ReadonlyMap<ChecksumAlgorithm, Digest>,
  stated: ReadonlyMap<ChecksumAlgorithm, string>,
) {
  let first: Received["checksum"];
  for (const [algorithm, digest] of digests) {
    const value = Buffer.from(await digest.digest()).toString("base64");
    if (stated.has(algorithm) && stated.get(algorithm) !== value) throw badDigest(algorithm);
    first ??= { algorithm, value };
  }
  return first;
}
