/** A bucket in memory with S3's conditional writes, as handlers see it. `calls` tells the order of what was done. */
import type { Bucket } from "../../lambdas/lib/bucket.ts";
import type { InputFile } from "../../pipeline/planning/inputs.ts";

export interface MemoryBucket extends Bucket {
  readonly calls: string[];
  upload(key: string, text: string, lastModified: string): void;
  json(key: string): unknown;
  keys(prefix?: string): string[];
  page(key: string): string | undefined;
}

interface Stored {
  readonly text: string;
  readonly etag: string;
  readonly lastModified: string;
}

export function memoryBucket(): MemoryBucket {
  const objects = new Map<string, Stored>();
  const calls: string[] = [];
  let version = 0;
  const put = (key: string, text: string, lastModified = "2026-11-24T00:00:00.000Z"): void => {
    version += 1;
    objects.set(key, { text, etag: `v${version}`, lastModified });
  };
  const fileOf = (key: string): InputFile | null => {
    const found = objects.get(key);
    if (!found) return null;
    const { etag, lastModified, text } = found;
    return { key, etag, versionId: null, sizeBytes: text.length, lastModified };
  };
  const keys = (prefix = ""): string[] => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  const noted = (call: string): void => void calls.push(call);
  return {
    calls,
    upload: put,
    keys,
    page: (key) => objects.get(key)?.text,
    json: (key) => JSON.parse(objects.get(key)?.text ?? "null") as unknown,
    async list(prefix) {
      noted(`list ${prefix}`);
      return keys(prefix).flatMap((key) => fileOf(key) ?? []);
    },
    async pin(key) {
      const file = fileOf(key);
      return file && { ...file, versionId: `version-of-${file.etag}` };
    },
    async read(key) {
      const found = objects.get(key);
      return found ? { value: JSON.parse(found.text) as unknown, etag: found.etag } : null;
    },
    async write(key, value) {
      noted(`write ${key}`);
      put(key, JSON.stringify(value));
    },
    async writePage(key, html) {
      noted(`page ${key}`);
      put(key, html);
    },
    async create(key, value) {
      noted(`create ${key}`);
      if (objects.has(key)) return false;
      put(key, JSON.stringify(value));
      return true;
    },
    async replace(key, value, etag) {
      noted(`replace ${key}`);
      if (objects.get(key)?.etag !== etag) return false;
      put(key, JSON.stringify(value));
      return true;
    },
    async remove(key) {
      noted(`remove ${key}`);
      objects.delete(key);
    },
    async copy(key, _versionId, to) {
      noted(`copy ${key} to ${to}`);
      put(to, objects.get(key)?.text ?? "");
    },
    async *text(key) {
      const { text } = objects.get(key) ?? { text: "" };
      for (let at = 0; at < text.length; at += 7) yield text.slice(at, at + 7);
    },
  };
}
