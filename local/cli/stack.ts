/** The stack in an embedded cloud: configuration -> synthesized assembly -> deployed. Used by `start` and `up`. */
import { mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { SynthesizeOptions } from "../../infra/synthesize.ts";
import type { OutrankConfig } from "../../pipeline/config/outrank-config.ts";
import { createSystemClock } from "../cloud/clock/system-clock.ts";
import { systemIds, systemRandom } from "../cloud/boot/chance.ts";
import { type Cloud, startCloud } from "../cloud/boot/start-cloud.ts";
import type { ProgressListener } from "../cloud/ports/service.ts";
import { builtFile, projectRoot } from "../cloud/project-root.ts";
import { TemplateError } from "../cloud/template/template-error.ts";
import { CommandFailure } from "./command.ts";

export interface StackOptions {
  readonly stateDir: string;
  readonly port: number;
  readonly timeScale: number;
  /** Absent: a bare cloud. */
  readonly config?: OutrankConfig;
  readonly progress?: ProgressListener;
}

/** Boots the cloud on its state and deploys the stack. What people need not see goes to `<state>/cloud.log`. */
export async function startStack({ stateDir, port, timeScale, config, progress }: StackOptions): Promise<Cloud> {
  mkdirSync(stateDir, { recursive: true });
  const clock = createSystemClock({ timeScale });
  const cloud = await startCloud({
    ...{ stateDir, port, clock, ids: systemIds, random: systemRandom },
    log: fileLog(join(stateDir, "cloud.log"), () => new Date(clock.now()).toISOString()),
    bare: config === undefined,
    ...(progress ? { progress } : {}),
  }).catch((error: Error) => {
    throw new CommandFailure(error.message, { cause: error });
  });
  try {
    if (config) {
      const handlers = join(projectRoot(), "dist", "lambdas");
      await cloud.deploy(await synthesizeApart({ config, handlers, outdir: join(stateDir, "cdk.out") }));
    }
    await cloud.resume();
    return cloud;
  } catch (error) {
    await cloud.close();
    if (error instanceof TemplateError) throw new CommandFailure(error.message, { cause: error });
    throw error;
  }
}

/** The assembly's folder. */
function synthesizeApart(options: SynthesizeOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(synthWorker(), { workerData: options });
    worker.once("message", resolve);
    worker.once("error", ({ message }) => reject(new CommandFailure(`The stack cannot be synthesized: ${message}`)));
    worker.once("exit", () => reject(new Error("The synthesis ended without an assembly")));
  });
}

function synthWorker(): string {
  try {
    return builtFile("synth-worker.mjs");
  } catch (error) {
    throw new CommandFailure((error as Error).message, { cause: error });
  }
}

function fileLog(path: string, stamp: () => string): (line: string) => void {
  const file = openSync(path, "a");
  return (line) => void writeSync(file, `${stamp()} ${line}\n`);
}
