/**
 * A process of its own that runs the stack on a state directory until the moment it is told, and then kills itself with
 * SIGKILL, which no process can see coming. Tests bundle it and start it: `node run-until-killed.mjs DIR MOMENT`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { communitiesConfig, interactionsCsv, itemsCsv } from "./communities.ts";
import { createFaultPort } from "./fault-port.ts";
import { startStack } from "./stack.ts";

const [folder = "", moment = ""] = process.argv.slice(2);
const port = createFaultPort();
const stack = await startStack({
  config: communitiesConfig(),
  stateDir: join(folder, "state"),
  fault: port.fault,
});

/** Dies once the service has answered, and before anybody hears of it. */
port.on(moment, async (_, next) => {
  await next();
  writeFileSync(join(folder, "died-at"), String(stack.clock.now()));
  process.kill(process.pid, "SIGKILL");
});

await stack.drop({ "club/interactions/interactions.csv": interactionsCsv(), "club/items/items.csv": itemsCsv() });
await stack.rest();
await stack.drop({ "club/interactions/interactions.csv": interactionsCsv({ rowsPerUser: 16 }) });
await stack.rest();
