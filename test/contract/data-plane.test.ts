import { dataPlane } from "./cases/index.ts";
import { runContract } from "./run-contract.ts";

runContract(dataPlane);
