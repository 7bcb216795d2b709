import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { ChecksumAlgorithm } from "@aws-sdk/client-s3";
import { algorithms } from "../../../../local/s3/body/checksums.ts";
import { combineCrcs } from "../../../../local/s3/body/crc-combine.ts";

async function sum(algorithm: ChecksumAlgorithm, data: Uint8Array): Promise<string> {
  const digest = algorithms[algorithm].start();
  digest.update(data);
  return Buffer.from(await digest.digest()).toString("base64");
}

describe("combineCrcs", () => {
  it.each(["CRC32", "CRC32C", "CRC64NVME"] as const)("%s of the pieces is that of the whole", async (algorithm) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 6 }), async (pieces) => {
        const parts = await Promise.all(
          pieces.map(async (piece) => ({ checksum: await sum(algorithm, piece), sizeBytes: piece.length })),
        );

        expect(combineCrcs(algorithm, parts)).toBe(await sum(algorithm, Buffer.concat(pieces)));
      }),
      { numRuns: 60 },
    );
  });

  it("knows the check value of CRC32 from two halves: 0xcbf43926", async () => {
    const halves = ["1234", "56789"].map((text) => Buffer.from(text));
    const parts = await Promise.all(
      halves.map(async (half) => ({ checksum: await sum("CRC32", half), sizeBytes: half.length })),
    );

    expect(combineCrcs("CRC32", parts)).toBe(Buffer.from("cbf43926", "hex").toString("base64"));
  });

  it("refuses digests that are no CRC", () => {
    expect(() => combineCrcs("SHA256", [])).toThrow("SHA256 checksums of parts cannot be combined");
  });
});
