/** Finds what runs a script on this machine: its Python, or the Node.js of this process. */
import { execFile } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../cloud/project-root.ts";

export interface Interpreter {
  readonly command: string;
  /** What it needs to find its packages. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder of packages that must stand beside the script. */
  readonly packages?: string;
}

/** A job that cannot be run here; the message is the run's error. */
export class JobUnrunnable extends Error {}

const run = promisify(execFile);
const question = "import sys, site; print(sys.executable); print(site.getuserbase())";

export async function interpreterFor(scriptName: string): Promise<Interpreter> {
  if (/\.[cm]?js$/.test(scriptName)) {
    const packages = join(projectRoot(), "node_modules");
    return { command: process.execPath, env: withPath(process.execPath), packages };
  }
  if (scriptName.endsWith(".py")) return python();
  throw new JobUnrunnable(
    `The script ${scriptName} cannot run in the embedded cloud: it runs .py with python3, and .js, .mjs, .cjs with Node.js`,
  );
}

/** The shims that put a Python on a person's path need that path; what they lead to does not. */
async function python(): Promise<Interpreter> {
  try {
    const { stdout } = await run("python3", ["-c", question]);
    const [command = "", userBase = ""] = stdout.trim().split("\n");
    const library = join(projectRoot(), "local", "glue", "jobs", "python");
    const env = { PYTHONPATH: library, PYTHONUSERBASE: userBase, PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1" };
    return { command, env: { ...withPath(command), ...env } };
  } catch (cause) {
    throw new JobUnrunnable("python3 is not on the path of this machine; the job's script needs it", { cause });
  }
}

const withPath = (command: string) => ({
  PATH: [dirname(command), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
});
