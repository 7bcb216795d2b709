/** Child process of the kill tests: commits numbers 1, 2, 3… and prints each one once it is acknowledged. */
import { openStore } from "../../../../local/cloud/journal/open-store.ts";

const [dir = "", writers = "1"] = process.argv.slice(2);
const store = await openStore(dir, { log: () => {}, snapshotAfterBytes: 20_000 });
const numbers = store.table<number>("test/numbers");
let last = [...numbers.values()].reduce((a, b) => Math.max(a, b), 0);

async function write(): Promise<never> {
  for (;;) {
    const mine = ++last;
    numbers.put(`${mine}`, mine);
    numbers.put(`twin-${mine}`, mine);
    await store.commit();
    process.stdout.write(`${mine}\n`);
  }
}
await Promise.all(Array.from({ length: Number(writers) }, write));
