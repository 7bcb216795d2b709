/**
 * Execution environments of all functions: warm ones are used again, new ones are started on demand up to a limit, and
 * idle ones go after a while, so that the cloud at rest stays small.
 */
import type { Timer } from "../../cloud/ports/clock.ts";
import type { FunctionRecord, LambdaDeps } from "../state.ts";
import { ExecutionEnvironment } from "./execution-environment.ts";

export interface PoolLimits {
  /** Environments at a time, over all functions; further invocations wait their turn. */
  readonly mostEnvironments: number;
  readonly mostIdle: number;
  readonly idleMilliseconds: number;
}

export const defaultLimits: PoolLimits = { mostEnvironments: 16, mostIdle: 4, idleMilliseconds: 60_000 };

export interface EnvironmentPool {
  /** Lends an environment of this very version of the function to `use`. */
  withEnvironment<T>(
    record: FunctionRecord,
    version: string,
    use: (environment: ExecutionEnvironment) => Promise<T>,
  ): Promise<T>;
  readonly size: () => number;
  /**
   * Ends all environments. Invocations under way are never answered: an answer made up here would be taken for the
   * function's and written down by whoever asked, who would otherwise ask again after the next start.
   */
  close(): Promise<void>;
}

interface Idle {
  readonly environment: ExecutionEnvironment;
  readonly key: string;
  readonly timer: Timer;
}

/** What makes an environment unfit for another version of the function: anything that the code could see. */
export function fingerprint(record: FunctionRecord, version: string): string {
  const {
    name,
    codePath,
    codeSha256,
    handler,
    environment,
    roleArn,
    memoryMb,
    timeoutSeconds,
    logGroup,
    logFormat,
    runtime,
  } = record;
  return JSON.stringify([
    [name, version, codePath, codeSha256, handler, runtime, roleArn],
    [memoryMb, timeoutSeconds, logGroup, logFormat, environment],
  ]);
}

export function createEnvironmentPool(deps: LambdaDeps, limits: PoolLimits = defaultLimits): EnvironmentPool {
  /** The longest idle first. */
  const idle = new Set<Idle>();
  const waiting: (() => void)[] = [];
  const lent = new Set<ExecutionEnvironment>();
  let busy = 0;
  let isClosed = false;

  function discard(one: Idle): Promise<void> {
    one.timer.cancel();
    idle.delete(one);
    return one.environment.terminate();
  }

  /** A warm environment, or the right to start one. */
  async function acquire(key: string): Promise<ExecutionEnvironment | undefined> {
    for (;;) {
      if (isClosed) throw new Error("The embedded cloud is closing; no function can be started any more");
      const warm = [...idle].reverse().find((one) => one.key === key);
      if (warm) {
        warm.timer.cancel();
        idle.delete(warm);
        if (warm.environment.isDead) continue;
        busy++;
        return warm.environment;
      }
      if (busy + idle.size >= limits.mostEnvironments) {
        const [oldest] = idle;
        if (oldest) void discard(oldest);
      }
      if (busy + idle.size < limits.mostEnvironments) {
        busy++;
        return undefined;
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  function giveBack(environment: ExecutionEnvironment, key: string): void {
    busy--;
    if (isClosed) void environment.terminate();
    else if (!environment.isDead) keepIdle(environment, key);
    waiting.shift()?.();
  }

  function keepIdle(environment: ExecutionEnvironment, key: string): void {
    const timer = deps.realClock.at(deps.realClock.now() + limits.idleMilliseconds, () => void discard(one));
    const one: Idle = { environment, key, timer };
    idle.add(one);
    if (idle.size > limits.mostIdle && waiting.length === 0) {
      const [oldest] = idle;
      if (oldest) void discard(oldest);
    }
  }

  return {
    size: () => busy + idle.size,
    async withEnvironment(record, version, use) {
      const key = fingerprint(record, version);
      const warm = await acquire(key);
      let environment: ExecutionEnvironment;
      try {
        environment = warm ?? new ExecutionEnvironment(record, version, deps);
      } catch (error) {
        busy--;
        waiting.shift()?.();
        throw error;
      }
      lent.add(environment);
      try {
        return await use(environment);
      } finally {
        lent.delete(environment);
        giveBack(environment, key);
      }
    },
    async close() {
      isClosed = true;
      for (const wake of waiting.splice(0)) wake();
      await Promise.all([...[...idle].map(discard), ...[...lent].map((environment) => environment.terminate())]);
    },
  };
}
