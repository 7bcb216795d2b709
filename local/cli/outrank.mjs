#!/usr/bin/env node
/** `npx outrank`: the command line. Builds first when the build is missing or older than its sources. */
import { buildAll } from "../build/build.mjs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// Whoever runs this chose their Node.js; that the AWS SDK will want a newer one some day is not their concern here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
await buildAll(join(dirname(fileURLToPath(import.meta.url)), "..", ".."));
const { main } = await import("../../dist/cli.mjs");
process.exitCode = await main(process.argv.slice(2));
