/** The members that all list operations share: page size, URL encoding of keys, and the owner shown for each. */
import { createHash } from "node:crypto";
import type { EncodingType, Owner } from "@aws-sdk/client-s3";
import { invalidArgument } from "../errors.ts";

const largestPage = 1000;

/** Throws InvalidArgument for what is no count; more than 1,000 is 1,000. */
export function pageSize(name: string, value: number | undefined): number {
  if (value === undefined) return largestPage;
  if (!Number.isInteger(value) || value < 0) {
    throw invalidArgument(name, String(value), `Argument ${name} must be an integer between 0 and 2147483647`);
  }
  return Math.min(value, largestPage);
}

/** How to write keys in the answer: as they are, or percent-encoded so that any key survives XML 1.0. */
export function keyEncoder(encoding: EncodingType | undefined): (key: string) => string {
  if (encoding === undefined) return (key) => key;
  if (encoding !== "url")
    throw invalidArgument("encoding-type", encoding, "Invalid Encoding Method specified in Request");
  return (key) => key.split("/").map(encodeURIComponent).join("/");
}

/** The canonical user id of the emulator's one account. */
export const ownerOf = (account: string): Owner => ({ ID: createHash("sha256").update(account).digest("hex") });
