/**
 * The CRC of two byte strings laid end to end, from their CRCs and the second one's length:
 *
 *   crc(A·B) = M^(8·|B|) · crc(A)  ⊕  crc(B)
 *
 * where M is the linear map over GF(2) of feeding one zero bit. Gives a multipart object's FULL_OBJECT checksum without
 * reading its bytes again. A map is a list of columns: column i is the image of bit i.
 */
import type { ChecksumAlgorithm } from "@aws-sdk/client-s3";

/** Width in bits and polynomial (reflected, as these CRCs are). */
const generators: Partial<Record<ChecksumAlgorithm, { readonly width: number; readonly polynomial: bigint }>> = {
  CRC32: { width: 32, polynomial: 0xedb88320n },
  CRC32C: { width: 32, polynomial: 0x82f63b78n },
  CRC64NVME: { width: 64, polynomial: 0x9a6c9329ac4bc9b5n },
};

type LinearMap = readonly bigint[];

function apply(map: LinearMap, vector: bigint): bigint {
  let image = 0n;
  for (let i = 0, rest = vector; rest !== 0n; i++, rest >>= 1n) if (rest & 1n) image ^= map[i] as bigint;
  return image;
}

const square = (map: LinearMap): LinearMap => map.map((column) => apply(map, column));

/** The map of feeding `bytes` zero bytes, by repeated squaring; returned as the list of squares to apply in turn. */
function zeroBytes(width: number, polynomial: bigint, bytes: number): LinearMap[] {
  let map: LinearMap = Array.from({ length: width }, (_, i) => (i === 0 ? polynomial : 1n << BigInt(i - 1)));
  for (let doubling = 0; doubling < 3; doubling++) map = square(map); // one bit -> one byte
  const maps: LinearMap[] = [];
  for (let left = BigInt(bytes); left !== 0n; left >>= 1n, map = square(map)) if (left & 1n) maps.push(map);
  return maps;
}

export interface Piece {
  /** Base64, big-endian. */
  readonly checksum: string;
  readonly sizeBytes: number;
}

/** Base64 CRC of all pieces laid end to end. Throws for algorithms that are no CRC. */
export function combineCrcs(algorithm: ChecksumAlgorithm, pieces: readonly Piece[]): string {
  const generator = generators[algorithm];
  if (!generator) throw new Error(`${algorithm} checksums of parts cannot be combined: it is not a CRC`);
  const { width, polynomial } = generator;
  const mapsBySize = new Map<number, LinearMap[]>();
  let crc = 0n;
  for (const { checksum, sizeBytes } of pieces) {
    let maps = mapsBySize.get(sizeBytes);
    if (!maps) mapsBySize.set(sizeBytes, (maps = zeroBytes(width, polynomial, sizeBytes)));
    for (const map of maps) crc = apply(map, crc);
    crc ^= BigInt(`0x${Buffer.from(checksum, "base64").toString("hex")}`);
  }
  return Buffer.from(crc.toString(16).padStart(width / 4, "0"), "hex").toString("base64");
}
