/** Runs the real command line in child processes, as a person does: nothing of it is loaded into the test. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../local/cloud/project-root.ts";

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface Running {
  readonly child: ChildProcess;
  /** Resolves when stdout has a match, with the match; rejects with all output when the process ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  readonly finished: Promise<Finished>;
}

const script = join(projectRoot(), "local", "cli", "outrank.mjs");

/** The variables of a person who has nothing to do with AWS. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS_|NODE_OPTIONS|JEST_)/.test(name)));
}

/** Starts `command args` in the project's folder, or in `cwd`. */
export function begin(command: string, args: readonly string[], cwd = projectRoot(), env = {}): Running {
  const began = performance.now();
  const child = spawn(command, [...args], {
    cwd,
    env: { ...plainEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const finished = once(child, "close").then(([code]) => ({
    ...{ code: code as number | null, stdout, stderr },
    seconds: (performance.now() - began) / 1000,
  }));
  const said = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(stdout);
        if (match) resolve(match);
      };
      child.stdout.on("data", look);
      look();
      void finished.then(({ code }) => reject(new Error(`ended with ${code}, saying:\n${stdout}\n${stderr}`)));
    });
  return { child, said, finished };
}

/** `npx outrank ...`, to its end. */
export const outrank = (...args: readonly string[]): Promise<Finished> =>
  begin(process.execPath, [script, ...args]).finished;

export interface Up extends Running {
  readonly url: string;
}

/** `npx outrank up ...` on a free port, once it listens. */
export async function up(...args: readonly string[]): Promise<Up> {
  const running = begin(process.execPath, [script, "up", "--port", "0", ...args]);
  const [, url = ""] = await running.said(/listening on (\S+)/);
  return { ...running, url };
}

/** Is this program there, and does it start? */
export const canRun = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, [...args], { stdio: "ignore" }).status === 0;

export interface Scratch {
  readonly path: string;
  /** A folder with these files; answers its path. */
  folder(name: string, files: Readonly<Record<string, string>>): string;
  remove(): void;
}

export function scratch(): Scratch {
  const path = mkdtempSync(join(tmpdir(), "outrank-e2e-"));
  return {
    path,
    folder(name, files) {
      const folder = join(path, name);
      mkdirSync(folder, { recursive: true });
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
      return folder;
    },
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}
