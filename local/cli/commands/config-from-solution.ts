/** `outrank config from-solution`: an outrank.json from the parameter file of the AWS Solution. */
import { resolve } from "node:path";
import * as z from "zod";
import type { Command } from "../command.ts";
import { fromSolution } from "../config/from-solution.ts";
import { outOptions, tellConversion } from "../config/tell-conversion.ts";
import { readJson } from "../read-json.ts";

const ParameterFile = z.looseObject({
  datasetGroup: z.looseObject({}),
  datasets: z.looseObject({}),
  solutions: z.array(z.looseObject({})),
});

export const configFromSolution: Command = {
  summary: 'convert a parameter file of the AWS Solution "Maintaining Personalized Experiences with Machine Learning"',
  positionals: [{ name: "FILE", help: "its config.json" }],
  options: outOptions,
  async run(args, io) {
    const file = resolve(io.cwd, args.positionals[0] ?? "");
    const remedy = "It should be a parameter file with datasetGroup, datasets and solutions";
    return tellConversion(fromSolution(readJson(file, ParameterFile, remedy)), args, io);
  },
};
