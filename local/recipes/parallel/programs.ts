/** The programs that a crew's worker threads know by name. */
import { trainingSizes, type Sizes } from "../network/layout.ts";
import { bindStep } from "../network/step.ts";
import * as transformer from "../transformer/layout.ts";
import { bindStep as bindTransformerStep } from "../transformer/step.ts";
import { program, type Program } from "./program.ts";

export const programs = {
  recurrent: program<Sizes>(bindStep, trainingSizes),
  transformer: program<transformer.Sizes>(bindTransformerStep, transformer.trainingSizes),
} satisfies Readonly<Record<string, Program>>;

export type ProgramName = keyof typeof programs;
