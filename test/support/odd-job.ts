/** A job's process for tests, which does what its task says. Bundled and started by job-process.test.ts. */
import { readFileSync } from "node:fs";

const tell = (message: object) => process.send?.(message);
const end = (code = 0) => void setImmediate(() => process.exit(code));
/** The last word. */
const say = (message: object) => process.send?.(message, undefined, {}, () => end());
const statistics = () => readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ") ?? [];

const deeds: Readonly<Record<string, () => void>> = {
  succeed() {
    tell({ kind: "progress", progress: 0.5 });
    say({ kind: "outcome", outcome: { kind: "succeeded", result: { since: new Date(0), none: undefined } } });
  },
  priority() {
    const [nice, policy] = [statistics()[16], statistics()[38]];
    say({ kind: "outcome", outcome: { kind: "succeeded", result: { nice, policy } } });
  },
  break: () => say({ kind: "broke", stack: "TypeError: x is not a function\n    at recipe.ts:1" }),
  overfill: () => say({ kind: "broke", stack: "Error: no memory", code: "ERR_WORKER_OUT_OF_MEMORY" }),
  abort: () => process.abort(),
  leave() {
    process.stderr.write("the disk is on fire\n");
    end(3);
  },
  stay: () => tell({ kind: "progress", progress: process.pid }),
};

process.on("message", (deed: string) => deeds[deed]?.());
