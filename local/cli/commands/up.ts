/** `outrank up`: the embedded cloud, with the stack or bare, until Ctrl-C. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { ConfigurationUnusable, readConfig } from "../../../infra/read-config.ts";
import type { OutrankConfig } from "../../../pipeline/config/outrank-config.ts";
import { projectRoot } from "../../cloud/project-root.ts";
import { clientEnvironment } from "../client-environment.ts";
import { type Command, UsageError } from "../command.ts";
import { startStack } from "../stack.ts";

export const portOption = { type: "string", value: "N", default: "4566", help: "listen here on 127.0.0.1" } as const;
export const stateOption = {
  type: "string",
  value: "DIR",
  default: ".outrank",
  help: "where everything durable lies",
} as const;

export const up: Command = {
  summary: "run the embedded cloud with the stack until Ctrl-C",
  options: {
    bare: { type: "boolean", help: "without the stack: an empty account" },
    config: {
      type: "string",
      value: "FILE",
      help: "the configuration (default: the one that npm start left in --state, else outrank.json)",
    },
    port: portOption,
    state: stateOption,
    "time-scale": { type: "string", value: "N", default: "1", help: "make all waits N times shorter" },
  },
  async run(args, io) {
    const stateDir = resolve(io.cwd, args.text("state") ?? "");
    const port = args.number("port", { max: 65_535 }) ?? 0;
    const timeScale = args.number("time-scale", { min: 0.001, fraction: true }) ?? 1;
    const config = args.flag("bare") ? undefined : configIn(configFile(args.text("config"), stateDir));
    const cloud = await startStack({ stateDir, port, timeScale, ...(config ? { config } : {}) });
    io.out(`listening on ${cloud.url}`);
    io.err(`The aws cli and any SDK are sent here by\n  ${clientEnvironment(cloud.url)}`);
    if (config && timeScale === 1) {
      io.err("Waits last as long as on AWS, minutes; --time-scale 120 makes them seconds.");
    }
    io.err(`Ctrl-C stops; the state stays in ${stateDir}`);
    await stopped(io.stop);
    await cloud.close();
    io.err("Stopped. What was under way goes on when the cloud is started again.");
    return 0;
  },
};

/** Where `start` leaves the configuration that it made for other people's data. */
export const savedConfig = (stateDir: string) => join(stateDir, "outrank.json");

/** The file that is named, else what `start` left, else the one that ships. */
export function configFile(named: string | undefined, stateDir: string): string {
  if (named !== undefined) return resolve(named);
  return existsSync(savedConfig(stateDir)) ? savedConfig(stateDir) : join(projectRoot(), "outrank.json");
}

/** @throws UsageError with every fault of the file. */
export function configIn(file: string): OutrankConfig {
  try {
    return readConfig(file);
  } catch (error) {
    if (error instanceof ConfigurationUnusable) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** Resolves when the person wants to stop. */
export function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
