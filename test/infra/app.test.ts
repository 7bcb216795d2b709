import { describe, expect, it } from "@jest/globals";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../infra/app.ts";

/** outrank.json beside one schema file, in a folder of their own. */
function files(configuration: string, schema = "{}"): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), "outrank-app-"));
  const file = join(folder, "outrank.json");
  writeFileSync(file, configuration);
  writeFileSync(join(folder, "schema.json"), schema);
  return { folder, file };
}

const naming = (schema: string) =>
  JSON.stringify({ datasetGroups: [{ name: "shop", datasets: { interactions: { schema } }, solutions: [] }] });

describe("a configuration that cannot be synthesized", () => {
  it.each([
    { why: "no JSON", configuration: "{", says: [/^\S+\/outrank\.json: .*JSON/] },
    {
      why: "several faults",
      configuration: '{"datasetGroups": [], "projct": 1}',
      says: [/^\S+\/outrank\.json: outrank\.json has 2 faults:/, /\n {2}\$\.datasetGroups: /, /\n {2}\$: .*"projct"/],
    },
    {
      why: "a recipe without yardstick",
      configuration: '{"datasetGroups": [{"solutions": [{"recipe": "aws-sims"}]}]}',
      says: [/\n {2}\$\.datasetGroups\[0\]\.solutions\[0\]\.recipe: aws-sims is no candidate: .* no yardstick for it/],
    },
    { why: "a schema file that is not there", configuration: naming("no.json"), says: [/^\S+\/no\.json: ENOENT/] },
    {
      why: "a schema file that is no JSON",
      configuration: naming("schema.json"),
      schema: "{,",
      says: [/^\S+\/schema\.json: .*JSON/],
    },
  ])("is told with its file and without a stack: $why", ({ configuration, schema, says }) => {
    const said: string[] = [];

    const code = main([files(configuration, schema).file], (text) => said.push(text));

    expect({ code, count: said.length }).toEqual({ code: 2, count: 1 });
    for (const part of says) expect(said[0]).toMatch(part);
    expect(said[0]).not.toMatch(/\n +at /);
  });
});
