/** From a request's signature to its caller; refuses what a key issued here did not sign. */
import { AwsError } from "../ports/aws-error.ts";
import type { Credentials } from "../ports/credentials.ts";
import type { Caller } from "../ports/service.ts";
import { findSignature, isSignedWith, sha256Hex, type Signature, type SignedRequest } from "./sigv4.ts";

export interface AuthenticateDeps {
  readonly credentials: Credentials;
  readonly now: () => number;
}

/**
 * @param body the bytes that were sent, when the service's requests are read whole; S3 signs a header instead.
 * @param signature the request's own, when the caller has found it already
 * Errors are S3's and the query protocol's; the JSON protocols rename them (see `jsonNames`).
 */
export function authenticate(
  { credentials, now }: AuthenticateDeps,
  request: SignedRequest,
  body: Uint8Array | undefined,
  signature = findSignature(request),
): Caller {
  if (!signature) return { kind: "account" };
  if (signature.form === "query" && isExpired(signature, now())) {
    throw new AwsError("AccessDenied", "Request has expired", { status: 403 });
  }
  const key = credentials.find(signature.accessKeyId);
  if (!key) return credentials.callerOf(signature.accessKeyId);
  if (signature.sessionToken !== key.sessionToken) {
    throw new AwsError("InvalidClientTokenId", "The security token included in the request is invalid", {
      status: 403,
    });
  }
  if (key.expiresAt !== undefined && now() >= key.expiresAt) {
    throw new AwsError("ExpiredToken", "The security token included in the request is expired", { status: 403 });
  }
  if (!isSignedWith(key.secretAccessKey, request, signature, payloadHashOf(signature, body))) {
    throw new AwsError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
      { status: 403 },
    );
  }
  return credentials.callerOf(signature.accessKeyId);
}

/** What the JSON protocols call these errors, all with status 400. */
export const jsonNames: Readonly<Record<string, string>> = {
  SignatureDoesNotMatch: "InvalidSignatureException",
  InvalidClientTokenId: "UnrecognizedClientException",
  ExpiredToken: "ExpiredTokenException",
};

function payloadHashOf(signature: Signature, body: Uint8Array | undefined): string {
  if (signature.service === "s3") return signature.contentSha256 ?? "UNSIGNED-PAYLOAD";
  return sha256Hex(body ?? new Uint8Array(0));
}

function isExpired({ timestamp, expiresSeconds }: Signature, now: number): boolean {
  const iso = timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  const signedAt = Date.parse(iso);
  return Number.isNaN(signedAt) || now > signedAt + (expiresSeconds ?? 0) * 1000;
}
