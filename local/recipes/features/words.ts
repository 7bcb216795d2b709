/** Text as hashed words: lower case, letters and digits of any script, without the commonest English function words. */

const ignored = new Set(
  "a an and are as at by for from in into is it its of on or that the this to was with".split(" "),
);

export function wordsOf(text: string): string[] {
  const words =
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !ignored.has(word));
}

/** FNV-1a with a final mix: the same bucket on every machine. */
export function bucketOf(word: string, buckets: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) % buckets;
}
