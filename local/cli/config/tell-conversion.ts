/** Writes a converted configuration where the person wants it, and tells beside it what became of the rest. */
import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Arguments, CommandFailure, type Io, type Option, UsageError } from "../command.ts";
import type { Remark } from "./source.ts";

export const outOptions = {
  out: { type: "string", value: "FILE", help: "write it there (default: print it)" },
  overwrite: { type: "boolean", help: "also over a file that is there" },
} as const satisfies Record<string, Option>;

export interface Outcome {
  readonly config: object;
  readonly remarks: readonly Remark[];
  readonly faults: readonly string[];
}

const titles = { changed: "Changed:", left: "Left out:" } as const;

/** Faults of the outcome end the command with 1, after everything was told. */
export function tellConversion({ config, remarks, faults }: Outcome, args: Arguments, io: Io): 0 {
  for (const kind of ["changed", "left"] as const) {
    const some = remarks.filter((remark) => remark.kind === kind);
    if (some.length > 0) io.err([titles[kind], ...some.map(({ path, reason }) => `${path}: ${reason}`)].join("\n  "));
  }
  const text = JSON.stringify(config, null, 2);
  if (faults.length > 0) {
    const rest = faults.map((fault) => `  ${fault}`).join("\n");
    throw new CommandFailure(`What is left makes no configuration; nothing was written:\n${rest}`);
  }
  const out = args.text("out");
  if (out === undefined) io.out(text);
  else writeFresh(resolve(io.cwd, out), text, args.flag("overwrite"));
  if (out !== undefined) io.out(`Wrote ${out}. Look at it with: npx outrank config check ${out}`);
  return 0;
}

function writeFresh(file: string, text: string, overwrite: boolean): void {
  if (existsSync(file) && !overwrite) throw new UsageError(`${file} is there already; add --overwrite to replace it`);
  writeFileSync(file, `${text}\n`);
}
