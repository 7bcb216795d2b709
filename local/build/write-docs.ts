/** What `npm run docs` runs: writes the generated pages. Formatting is left to prettier, which runs after it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configPage, configSchema, withPolicyTable } from "./config-reference.ts";
import { eventsPage } from "./events-reference.ts";

/** Answers the files it wrote. */
export function main(root: string): string[] {
  const docs = join(root, "docs");
  const gate = join(docs, "guides", "gate.md");
  const pages: readonly (readonly [string, string])[] = [
    [join(docs, "outrank.schema.json"), JSON.stringify(configSchema(), null, 2)],
    [join(docs, "config.md"), configPage()],
    [join(docs, "events.md"), eventsPage()],
    [gate, withPolicyTable(readFileSync(gate, "utf8"))],
  ];
  for (const [path, text] of pages) writeFileSync(path, text);
  return pages.map(([path]) => path);
}
