/** Finds a function's handler as Lambda's Node.js runtime does, and names what is missing as it does. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { FunctionErrorPayload, WorkerSetup } from "./protocol.ts";

export type Handler = (
  event: unknown,
  context: object,
  callback: (error: unknown, result?: unknown) => void,
) => unknown;

/** Fails with the payload that the invocation gets. */
export class LoadFailure extends Error {
  readonly payload: FunctionErrorPayload;
  constructor(payload: FunctionErrorPayload, options?: ErrorOptions) {
    super(payload.errorMessage, options);
    this.payload = payload;
  }
}

const fail = (errorType: string, errorMessage: string, cause?: unknown) =>
  new LoadFailure({ errorType, errorMessage, trace: traceOf(cause, `${errorType}: ${errorMessage}`) }, { cause });

const traceOf = (error: unknown, fallback: string): string[] =>
  (error instanceof Error ? (error.stack ?? fallback) : fallback).split("\n");

export async function loadHandler({ taskRoot, handler }: WorkerSetup): Promise<Handler> {
  const dot = handler.indexOf(".", handler.lastIndexOf("/") + 1);
  if (dot < 0) throw fail("Runtime.MalformedHandlerName", "Bad handler");
  const [file, path] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const loaded = await loadModule(taskRoot, file);
  const found = path
    .split(".")
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], loaded);
  if (found === undefined) throw fail("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  if (typeof found !== "function") throw fail("Runtime.HandlerNotFound", `${handler} is not a function`);
  return found as Handler;
}

async function loadModule(taskRoot: string, file: string): Promise<unknown> {
  const path = ["", ".js", ".mjs", ".cjs"].map((end) => join(taskRoot, file + end)).find((one) => existsSync(one));
  if (path === undefined) throw fail("Runtime.ImportModuleError", `Error: Cannot find module '${file}'`);
  const require = createRequire(join(taskRoot, "package.json"));
  try {
    if (!path.endsWith(".mjs")) return require(path);
  } catch (error) {
    if (!isEsModule(error)) throw importFailure(error);
  }
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    throw importFailure(error);
  }
}

const isEsModule = (error: unknown) => (error as { code?: string }).code === "ERR_REQUIRE_ESM";

function importFailure(error: unknown): LoadFailure {
  const { code } = error as { code?: string };
  if (error instanceof SyntaxError) return fail("Runtime.UserCodeSyntaxError", String(error), error);
  if (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND") {
    return fail("Runtime.ImportModuleError", String(error), error);
  }
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return new LoadFailure({ errorType: name, errorMessage: message, trace: traceOf(error, message) }, { cause: error });
}
