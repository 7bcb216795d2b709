/** The programs that a crew's worker threads know by name. */
import { trainingSizes, type Sizes } from "../network/layout.ts";
import { bindStep } from "../network/step.ts";
import { program, type Program } from "./program.ts";
import { bindUpdate } from "./update.ts";

export const programs = {
  recurrent: program<Sizes>(bindStep, (kernels, memory, sizes, p) =>
    bindUpdate(kernels, memory, trainingSizes(sizes), p),
  ),
} satisfies Readonly<Record<string, Program>>;

export type ProgramName = keyof typeof programs;
