/**
 * A crew of threads that work on one shared memory in lockstep: each command is run by every thread on its own share, and `run`
 * returns when all are done. The calling thread is member 0 and works as well. Commands are numbers and everything else
 * lies in the shared memory, so that a step costs two wake-ups and no messages.
 */
import { Worker } from "node:worker_threads";
import { loadKernels } from "../../kernels/kernels.ts";
import { bindMemory, type Plan } from "./plan.ts";
import { command, type Command } from "./program.ts";
import { programs, type ProgramName } from "./programs.ts";

/** What a member needs to begin: structured-cloneable. */
export interface Assignment {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly plan: Plan;
  readonly program: ProgramName;
  /** The program's own. */
  readonly sizes: unknown;
  readonly member: number;
}

/** Places in the shared `control` words. */
const word = { generation: 0, command: 1, busy: 2, failed: 3 } as const;
const longestWaitMilliseconds = 600_000;

const controlOf = ({ plan, memory }: Assignment) =>
  new Int32Array(memory.buffer, bindMemory(plan, memory.buffer).u32("control").byteOffset, 64);

const bindMember = ({ module, memory, plan, program, sizes, member }: Assignment): ((what: Command) => void) =>
  programs[program](loadKernels(module, memory), bindMemory(plan, memory.buffer), sizes, member);

/** The whole life of a worker thread: says that it is there, then waits for commands until told to stop. */
export function serve(assignment: Assignment, tell: (message: "ready") => void): void {
  const control = controlOf(assignment);
  const act = bindMember(assignment);
  tell("ready");
  for (let generation = 0; ;) {
    Atomics.wait(control, word.generation, generation);
    generation = Atomics.load(control, word.generation);
    const what = Atomics.load(control, word.command) as Command;
    if (what === command.stop) return;
    try {
      act(what);
    } catch (error) {
      Atomics.store(control, word.failed, 1);
      throw error; // the worker's error event carries it
    } finally {
      Atomics.sub(control, word.busy, 1);
      Atomics.notify(control, word.busy);
    }
  }
}

export interface Crew {
  run(what: Command): void;
  /** Ends the worker threads; the memory stays. */
  stop(): Promise<void>;
}

/**
 * Resolves when every thread waits for commands. While the calling thread waits in `run` it hears of nothing, so that a thread which cannot
 * even start must be found out before.
 *
 * @param members threads, the calling one included
 */
export async function startCrew(
  workerPath: string,
  members: number,
  assignment: Omit<Assignment, "member">,
): Promise<Crew> {
  const control = controlOf({ ...assignment, member: 0 });
  const workers = Array.from({ length: members - 1 }, (_, n) => {
    const worker = new Worker(workerPath, { workerData: { ...assignment, member: n + 1 }, execArgv: [] });
    worker.on("error", () => Atomics.store(control, word.failed, 1));
    return worker;
  });
  await Promise.all(workers.map(ready)).catch(async (error: unknown) => {
    await Promise.all(workers.map((worker) => worker.terminate()));
    throw new Error(`A kernel thread (${workerPath}) did not start: ${(error as Error).message}`, { cause: error });
  });
  const act = bindMember({ ...assignment, member: 0 });
  const order = (what: Command) => {
    Atomics.store(control, word.busy, what === command.stop ? 0 : members - 1);
    Atomics.store(control, word.command, what);
    Atomics.add(control, word.generation, 1);
    Atomics.notify(control, word.generation);
  };
  return {
    run: (what) => {
      order(what);
      act(what);
      for (let busy = members - 1; busy > 0; busy = Atomics.load(control, word.busy)) {
        if (Atomics.wait(control, word.busy, busy, longestWaitMilliseconds) === "timed-out") break;
      }
      if (Atomics.load(control, word.failed) !== 0 || Atomics.load(control, word.busy) > 0) {
        throw new Error("A kernel thread failed or does not answer: free memory, or train with fewer threads");
      }
    },
    stop: async () => {
      order(command.stop);
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function ready(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`it ended with code ${code}`)));
  });
}
