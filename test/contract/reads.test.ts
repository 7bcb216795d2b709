import { reads } from "./cases/index.ts";
import { runContract } from "./run-contract.ts";

runContract(reads);
