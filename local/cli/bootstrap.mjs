/**
 * The one door of `npm start`, `npm test` and their sisters on a fresh clone: installs what the lock file names when it
 * is missing, builds, then hands over. Plain JavaScript on purpose: it runs before anything is installed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Runs a command in the project's folder with our terminal; a failure ends this process with the same code. */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Installs from the lock file, once per lock file: the stamp holds the lock's hash. Output goes to stderr. */
function install() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".outrank-installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  process.stderr.write("Installing the packages that package-lock.json names (once, about half a minute) ...\n");
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { stdio: ["ignore", 2, 2] });
  writeFileSync(stamp, lock);
}

async function build() {
  const { buildAll } = await import("../build/build.mjs");
  await buildAll(root);
}

const bin = (name) => join(root, "node_modules", name);

const commands = {
  build: async () => {},
  start: async (args) => {
    const { main } = await import("../../dist/cli.mjs");
    process.exitCode = await main(["start", ...args]);
  },
  test: async (args) => run(process.execPath, [bin("jest/bin/jest.js"), ...args]),
  verify: async () => {
    run(process.execPath, [bin("prettier/bin/prettier.cjs"), "--check", "."]);
    run(process.execPath, [bin("typescript/bin/tsc"), "--noEmit"]);
    run(process.execPath, [bin("eslint/bin/eslint.js"), "."]);
    run(process.execPath, [bin("jest/bin/jest.js")]);
  },
  synth: async (args) => {
    const { main } = await import("../../dist/synth.mjs");
    process.exitCode = main(args);
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
install();
await build();
await command(args);
