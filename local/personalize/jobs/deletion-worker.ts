/** Entry of the deletion threads: `workerData` is a DeletionTask. */
import { workerData } from "node:worker_threads";
import { deleteUsers } from "../data/delete-users.ts";
import type { DeletionTask } from "../data/delete-users.ts";
import { reportTo } from "./job-thread.ts";

await reportTo().finish(Promise.resolve().then(() => deleteUsers(workerData as DeletionTask)));
