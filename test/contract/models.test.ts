import { models } from "./cases/index.ts";
import { runContract } from "./run-contract.ts";

runContract(models);
