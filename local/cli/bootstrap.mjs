/**
 * The one door of `npm start`, `npm test` and their sisters on a fresh clone: installs what the lock file names when it
 * is missing, builds, then hands over. Plain JavaScript on purpose: it runs before anything is installed.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/**
 * Runs a command in the project's folder with our terminal; a failure ends this process with the same code. Ctrl-C
 * reaches the command too, as the terminal sends it to both: we wait for its end, at most `graceMilliseconds` where that
 * is given, and say `whenStopped`.
 */
async function run(command, args, { stdio = "inherit", whenStopped = "Stopped.", graceMilliseconds } = {}) {
  let stopped;
  const child = spawn(command, args, { cwd: root, stdio });
  const onSignal = (signal) => {
    stopped = signal;
    if (graceMilliseconds !== undefined) setTimeout(() => child.kill("SIGKILL"), graceMilliseconds).unref();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const { code, signal } = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal: stopped ?? signal }));
  });
  process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  if (signal) {
    process.stderr.write(`\n${whenStopped}\n`);
    process.exit(128 + constants.signals[signal]);
  }
  if (code !== 0) process.exit(code ?? 1);
}

/** Installs from the lock file, once per lock file: the stamp holds the lock's hash. Output goes to stderr. */
async function install() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".outrank-installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  process.stderr.write("Installing the packages that package-lock.json names (once, about half a minute) ...\n");
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: ["ignore", 2, 2],
    graceMilliseconds: 1_000,
    whenStopped: "Stopped while installing; the same command installs again.",
  });
  writeFileSync(stamp, lock);
}

async function build() {
  const { buildAll } = await import("../build/build.mjs");
  await buildAll(root);
}

const bin = (name) => join(root, "node_modules", name);
const node = (script, ...args) => run(process.execPath, [bin(script), ...args]);

const commands = {
  build: async () => {},
  start: async (args) => {
    const { main } = await import("../../dist/cli.mjs");
    process.exitCode = await main(["start", ...args]);
  },
  test: async (args) => node("jest/bin/jest.js", ...args),
  verify: async () => {
    await node("prettier/bin/prettier.cjs", "--check", ".");
    await node("typescript/bin/tsc", "--noEmit");
    await node("eslint/bin/eslint.js", ".");
    await node("jest/bin/jest.js");
  },
  synth: async (args) => {
    const { main } = await import("../../dist/synth.mjs");
    process.exitCode = main(args, (text) => process.stderr.write(`${text}\n`));
  },
  example: async ([name]) => {
    const { main } = await import(`../../dist/example-${name}.mjs`);
    main();
  },
  docs: async () => {
    const { main } = await import("../../dist/docs.mjs");
    await node("prettier/bin/prettier.cjs", "--write", ...main(root));
  },
  bench: async (args) => {
    const { main } = await import("../../dist/bench.mjs");
    process.exitCode = await main(args);
  },
};

const [name = "", ...args] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  process.stderr.write(`bootstrap: no command "${name}"; there are ${Object.keys(commands).join(", ")}\n`);
  process.exit(2);
}
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Outrank needs Node 20.19 or later; this is ${process.versions.node}.\n`);
  process.exit(2);
}
// Whoever runs this chose their Node.js; that the AWS SDK will want a newer one some day is not their concern here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
await install();
await build();
await command(args);
