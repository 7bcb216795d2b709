import { containers } from "./cases/index.ts";
import { runContract } from "./run-contract.ts";

runContract(containers);
