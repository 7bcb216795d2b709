/** What cdk.json runs: outrank.json -> cdk.out. */
import { join } from "node:path";
import { projectFolder } from "./project-folder.ts";
import { ConfigurationUnusable, readConfig } from "./read-config.ts";
import { synthesize } from "./synthesize.ts";

/** Answers the exit code: 0, or 2 when the configuration cannot be used; `complain` is then told why. */
export function main(
  [file = join(projectFolder(), "outrank.json")]: readonly string[],
  complain: (text: string) => void,
): number {
  try {
    synthesize({ config: readConfig(file), validate: true });
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigurationUnusable)) throw error;
    complain(error.message);
    return 2;
  }
}
