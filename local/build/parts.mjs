/**
 * Parts of a build that are taken over from the last one: a part's sources are hashed (with the lock file and the builder
 * itself), and while the hash stays the same its outputs are copied. What a part wrote is found by looking, not declared.
 */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const always = ["package-lock.json", "local/build/build.mjs", "local/build/parts.mjs"];

const hashFile = (name) => join(".parts", name);

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function hashOf(root, sources) {
  const hash = createHash("sha256");
  for (const file of [...sources, ...always].flatMap((source) => filesBelow(join(root, source)))) {
    hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest("hex");
}

/**
 * @param old the last build's folder  @param fresh the folder of the build that is being made
 * @returns builds a part into `fresh`, or copies it from `old`: `build` is given a folder to write into
 */
export function reusing(root, old, fresh) {
  return async (name, sources, build) => {
    const hash = hashOf(root, sources);
    const kept = join(old, hashFile(name));
    const whole = join(fresh, ".parts", `${name}.files`);
    mkdirSync(join(fresh, ".parts"), { recursive: true });
    if (existsSync(kept) && readFileSync(kept, "utf8") === hash) cpSync(`${kept}.files`, whole, { recursive: true });
    else {
      mkdirSync(whole, { recursive: true });
      await build(whole);
    }
    cpSync(whole, fresh, { recursive: true });
    writeFileSync(join(fresh, hashFile(name)), hash);
  };
}
