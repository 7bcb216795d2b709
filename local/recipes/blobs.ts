/**
 * Typed arrays and small facts as named blobs, so that a recipe's `save` and `load` are a line per array. Little-endian
 * throughout (every platform that Node runs on). Loading copies, because a blob may start at any byte.
 */
export type Blobs = Readonly<Record<string, Uint8Array>>;

interface TypedArray {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly byteLength: number;
}

export const bytesOf = (array: TypedArray): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength).slice();

export const bytesOfJson = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function blob(blobs: Blobs, name: string): Uint8Array {
  const found = blobs[name];
  if (!found)
    throw new Error(`The saved model has no part "${name}" (it has ${Object.keys(blobs).join(", ")}): train it again`);
  return found;
}

export const floats = (blobs: Blobs, name: string): Float32Array => new Float32Array(blob(blobs, name).slice().buffer);
export const doubles = (blobs: Blobs, name: string): Float64Array => new Float64Array(blob(blobs, name).slice().buffer);
export const integers = (blobs: Blobs, name: string): Uint32Array => new Uint32Array(blob(blobs, name).slice().buffer);

/** The caller names the type because the blob was written by the same recipe's `save`. */
export const json = <T>(blobs: Blobs, name: string): T => JSON.parse(new TextDecoder().decode(blob(blobs, name))) as T;
