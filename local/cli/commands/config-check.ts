/** `outrank config check`: every fault of a configuration, or what it means. */
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { projectRoot } from "../../cloud/project-root.ts";
import { type Arguments, type Command, type Io, UsageError } from "../command.ts";
import { checkConfig } from "../config/check-config.ts";
import { defaultsInForce, explainConfig } from "../config/explain-config.ts";
import { configWarnings } from "../config/warnings.ts";
import { checkedLines } from "../view/config-text.ts";

export const configCheck: Command = {
  summary: "say all that is wrong with a configuration, or what it means",
  positionals: [{ name: "FILE", help: "the configuration (default: the outrank.json that ships)", optional: true }],
  options: {
    defaults: { type: "boolean", help: "list every default that is in force" },
    json: { type: "boolean", help: "one JSON object: file, faults, groups, warnings, defaults" },
  },
  run: async (args, io) => check(args, io, Date.now()),
};

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, "utf8")) as unknown;

function check(args: Arguments, io: Io, now: number): 0 | 2 {
  const [named] = args.positionals;
  const file = named === undefined ? join(projectRoot(), "outrank.json") : resolve(io.cwd, named);
  const raw = rawIn(file);
  const { faults, config } = checkConfig(raw, (path) => readJson(resolve(dirname(file), path)));
  if (config === undefined) {
    if (args.flag("json")) io.out(JSON.stringify({ file, faults }));
    else
      io.err([`${file} has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:`, ...faults].join("\n  "));
    return 2;
  }
  const [groups, warnings] = [explainConfig(config, now), configWarnings(config, now)];
  const defaults = defaultsInForce(raw, config);
  if (args.flag("json")) io.out(JSON.stringify({ file, faults, groups, warnings, defaults }));
  else
    checkedLines({ groups, warnings, defaults, showDefaults: args.flag("defaults") }).forEach((line) => io.out(line));
  return 0;
}

/** @throws UsageError when the file is not there or is no JSON at all */
function rawIn(file: string): unknown {
  try {
    return readJson(file);
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
