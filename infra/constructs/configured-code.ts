/** A built Lambda with one more file beside it: the group's resolved configuration. CDK copies it into the assembly. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Calls `use` with the folder, which is gone afterwards: an asset is copied when its construct is made. */
export function withConfiguredCode<T>(code: string, fileName: string, content: unknown, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "outrank-asset-"));
  try {
    cpSync(code, folder, { recursive: true });
    writeFileSync(join(folder, fileName), JSON.stringify(content, null, 2));
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
