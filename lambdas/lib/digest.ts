/** SHA-256 in hex: the hash the domain asks to be given. */
import { createHash } from "node:crypto";
import type { Digest } from "../../pipeline/naming/names.ts";

export const sha256: Digest = (text) => createHash("sha256").update(text).digest("hex");
