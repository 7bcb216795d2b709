/**
 * Synthesizes the stack in a thread of its own: aws-cdk-lib takes some 200 MB that the embedded cloud need not keep.
 * In: `workerData` {config, handlers, outdir}. Out: one message, the assembly's folder.
 */
import { parentPort, workerData } from "node:worker_threads";
import { synthesize, type SynthesizeOptions } from "../../infra/synthesize.ts";

// Typed where it is sent: local/cli/stack.ts.
parentPort?.postMessage(synthesize(workerData as SynthesizeOptions));
