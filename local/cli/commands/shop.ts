/** `outrank shop DIR`: sample data of a simulated storefront; the weeks after it; bad uploads to try the checks with. */
import { existsSync, renameSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { corruptions, isCorruption } from "../../shop/corrupt.ts";
import { writeShop } from "../../shop/write-shop.ts";
import { type Command, UsageError } from "../command.ts";
import { readJson } from "../read-json.ts";

/** Beside the data: what they were made with, so that the following weeks join without a seam. */
const Made = z.object({ seed: z.number(), until: z.number(), weeksAfter: z.number() });
export type Made = z.infer<typeof Made>;
const madeFile = "shop.json";
const daySeconds = 86_400;
const weekSeconds = 7 * daySeconds;

/** Writes the year of history that `npm start` begins with. */
export async function writeHistory(directory: string, seed: number, nowMilliseconds: number): Promise<Made> {
  const made = { seed, until: Math.floor(nowMilliseconds / 1000 / daySeconds) * daySeconds, weeksAfter: 0 };
  await writeShop(directory, { seed, until: made.until });
  await writeFile(join(directory, madeFile), JSON.stringify(made));
  return made;
}

export const shop: Command = {
  summary: "write sample data of a simulated storefront into a folder",
  positionals: [{ name: "DIR", help: "the folder to write interactions, users and items into" }],
  options: {
    seed: { type: "string", value: "N", default: "1", help: "another shop for another number" },
    weeks: { type: "string", value: "N", help: "only what happens in the N weeks after the data of --after" },
    after: { type: "string", value: "DIR", default: ".outrank/sample", help: "the data that --weeks continues" },
    corrupt: { type: "string", value: "KIND", help: `spoil the interactions: ${Object.keys(corruptions).join(", ")}` },
  },
  async run(args, io) {
    const directory = args.positionals[0] ?? "";
    const kind = args.text("corrupt");
    if (kind !== undefined && !isCorruption(kind)) {
      const kinds = Object.entries(corruptions).map(([name, what]) => `\n  ${name}: ${what}`);
      throw new UsageError(`--corrupt knows no "${kind}". It knows:${kinds.join("")}`);
    }
    const weeks = args.number("weeks", { min: 1, max: 520 });
    if (weeks !== undefined) {
      await writeNextWeeks(directory, weeks, args.text("after") ?? "", kind);
    } else {
      const seed = args.number("seed") ?? 1;
      const made = await writeHistory(directory, seed, Date.now());
      if (kind) await writeShop(directory, { seed, until: made.until, corruption: kind });
    }
    io.out(`wrote ${directory}. Upload it: npx outrank drop ${directory}`);
    return 0;
  },
};

async function writeNextWeeks(directory: string, weeks: number, after: string, kind?: keyof typeof corruptions) {
  const file = join(after, madeFile);
  if (!existsSync(file)) {
    throw new UsageError(`--after wants a folder written by "outrank shop" or npm start; ${file} is not there`);
  }
  const { seed, until, weeksAfter } = readJson(file, Made, `Write the shop anew: npx outrank shop ${after}`);
  const next = { weeks, after: weeksAfter };
  await writeShop(directory, { seed, until, next, ...(kind ? { corruption: kind } : {}) });
  const made: Made = { seed, until, weeksAfter: weeksAfter + weeks };
  await writeFile(join(directory, madeFile), JSON.stringify(made));
  // New interactions lie beside the old ones in the bucket; users and items are exported whole and replace theirs.
  const from = new Date((until + weeksAfter * weekSeconds) * 1000).toISOString().slice(0, 10);
  renameSync(join(directory, "interactions.csv"), join(directory, `interactions-from-${from}.csv`));
}
