/** Which bytes of an object a `Range` header asks for; pure. */
import { S3Error } from "../errors.ts";

export interface ByteRange {
  readonly first: number;
  /** Inclusive. */
  readonly last: number;
}

/**
 * Undefined where the whole object is meant: no header, or one that S3 ignores (another unit, several ranges, nonsense).
 * Throws InvalidRange where no byte satisfies it.
 */
export function byteRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const [, from, to] = match as unknown as [string, string, string];
  const first = from === "" ? Math.max(sizeBytes - Number(to), 0) : Number(from);
  const last = from === "" || to === "" ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (from !== "" && to !== "" && Number(to) < Number(from)) return undefined;
  if (first >= sizeBytes) {
    throw new S3Error("InvalidRange", "The requested range is not satisfiable", {
      status: 416,
      details: { RangeRequested: header, ActualObjectSize: sizeBytes },
      headers: { "content-range": `bytes */${sizeBytes}` },
    });
  }
  return { first, last };
}
