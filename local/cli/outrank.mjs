#!/usr/bin/env node
/** `npx outrank`: the command line. Builds first when the build is missing or older than its sources. */
import { buildAll } from "../build/build.mjs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

await buildAll(join(dirname(fileURLToPath(import.meta.url)), "..", ".."));
const { main } = await import("../../dist/cli.mjs");
process.exitCode = await main(process.argv.slice(2));
