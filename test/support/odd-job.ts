/** A job's process for tests, which does what its task says. Bundled and started by job-process.test.ts. */
import { readFileSync } from "node:fs";

const tell = (message: object) => process.send?.(message);
const statistics = () => readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ") ?? [];

const deeds: Readonly<Record<string, () => void>> = {
  succeed() {
    tell({ kind: "progress", progress: 0.5 });
    tell({ kind: "outcome", outcome: { kind: "succeeded", result: { since: new Date(0), none: undefined } } });
    process.disconnect();
  },
  priority() {
    const [nice, policy] = [statistics()[16], statistics()[38]];
    tell({ kind: "outcome", outcome: { kind: "succeeded", result: { nice, policy } } });
    process.disconnect();
  },
  break: () => tell({ kind: "broke", stack: "TypeError: x is not a function\n    at recipe.ts:1" }),
  overfill: () => tell({ kind: "broke", stack: "Error: no memory", code: "ERR_WORKER_OUT_OF_MEMORY" }),
  abort: () => process.abort(),
  leave() {
    process.stderr.write("the disk is on fire\n");
    setImmediate(() => process.exit(3)); // Node 20 fails to disconnect within a message
  },
  stay: () => tell({ kind: "progress", progress: process.pid }),
};

process.on("message", (deed: string) => {
  deeds[deed]?.();
  if (deed === "break" || deed === "overfill") process.disconnect();
});
