import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { buildSync } from "esbuild";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../../../local/cloud/journal/open-store.ts";

let dir: string;
let logged: string[];
const log = (line: string) => void logged.push(line);
const segment = (number: number) => join(dir, `segment-0000000${number}.jsonl`);

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "outrank-journal-"));
  logged = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Opens, works, closes. */
async function session<T>(
  work: (store: Awaited<ReturnType<typeof openStore>>) => T | Promise<T>,
  snapshotAfterBytes?: number,
) {
  const store = await openStore(dir, { log, ...(snapshotAfterBytes === undefined ? {} : { snapshotAfterBytes }) });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

describe("a store on disk", () => {
  it("gives back what was put, in insertion order, without what was deleted", async () => {
    await session(async (store) => {
      const shop = store.table<unknown>("shop/items");
      shop.put("b", { price: 1, gone: undefined });
      shop.put("a", "snow ☃\nand a line feed");
      shop.put("c", [1]);
      shop.delete("b");
      shop.put("b", { price: 2, gone: undefined });
      await store.commit();
    });

    const entries = await session((store) => [...store.table("shop/items").entries()]);

    expect(entries).toEqual([
      ["a", "snow ☃\nand a line feed"],
      ["c", [1]],
      ["b", { price: 2 }],
    ]);
  });

  it("writes puts that nobody committed by the end of the turn", async () => {
    const store = await openStore(dir, { log });
    store.table("t/x").put("k", 1);
    while (statSync(segment(1)).size === 0) await new Promise((resolve) => setImmediate(resolve));

    expect(readFileSync(segment(1), "utf8")).toMatch(/^[0-9a-f]{8} \[\{"t":"t\/x","k":"k","v":1\}\]\n$/);
    await store.close();
  });

  it("lets concurrent commits share writes", async () => {
    await session(async (store) => {
      const table = store.table<number>("t/x");
      const work = Array.from({ length: 500 }, async (_, n) => {
        await Promise.resolve();
        table.put(`${n}`, n);
        await store.commit();
      });
      await Promise.all(work);
    });

    const lines = readFileSync(segment(1), "utf8").trimEnd().split("\n");
    expect(lines.length).toBeLessThan(10);
    expect(await session((store) => store.table("t/x").size)).toBe(500);
  });

  it("refuses commits after close", async () => {
    const store = await openStore(dir, { log });
    await store.close();
    await expect(store.commit()).rejects.toThrow("is closed");
  });

  it("names the value that is no JSON and then writes nothing more", async () => {
    const store = await openStore(dir, { log });
    store.table<unknown>("t/x").put("bad", 1n);

    await expect(store.commit()).rejects.toMatchObject({
      cause: { message: "The value of t/x bad cannot be written as JSON" },
    });
    store.table("t/x").put("good", 1);
    await expect(store.commit()).rejects.toThrow("nothing is saved from now on");
    await expect(store.close()).rejects.toThrow("nothing is saved");
  });
});

describe("snapshots", () => {
  it("replace the segments before them and keep order and content", async () => {
    await session(async (store) => {
      const table = store.table<string>("t/x");
      for (let n = 0; n < 200; n++) {
        table.put(`key-${n % 50}`, "x".repeat(100) + n);
        if (n % 50 === 7) table.delete(`key-${n % 50}`);
        await store.commit();
      }
    }, 2_000);

    const kept = readdirSync(dir);
    expect(kept.filter((name) => name.startsWith("snapshot-"))).toHaveLength(1);
    expect(kept.some((name) => name === "segment-00000001.jsonl")).toBe(false);
    const entries = await session((store) => [...store.table<string>("t/x").entries()]);
    expect(entries).toHaveLength(49);
    expect(entries[0]).toEqual(["key-0", "x".repeat(100) + "150"]);
    expect(entries.at(-1)?.[0]).toBe("key-49");
  });

  it("are due by what was replayed too, so that many short sessions do not pile up segments", async () => {
    for (let n = 0; n < 12; n++) {
      await session(async (store) => {
        store.table("t/x").put("only", "y".repeat(300) + n);
        await store.commit();
      }, 1_000);
    }

    expect(readdirSync(dir).length).toBeLessThan(8);
    expect(await session((store) => store.table("t/x").get("only"))).toBe("y".repeat(300) + "11");
  });

  it("are refused when rows are missing from them", async () => {
    await session(async (store) => {
      for (let n = 0; n < 40; n++) {
        store.table("t/x").put(`${n}`, "z".repeat(100));
        await store.commit();
      }
    }, 500);
    const snapshot = readdirSync(dir).find((name) => name.startsWith("snapshot-")) ?? "";
    const [rows = ""] = readFileSync(join(dir, snapshot), "utf8").split("\n");
    writeFileSync(join(dir, snapshot), rows + "\n");

    await expect(openStore(dir, { log })).rejects.toThrow(`${snapshot} is damaged at offset ${rows.length + 1}`);
  });
});

describe("a file that is not as it was written", () => {
  async function threeRecords() {
    await session(async (store) => {
      for (const n of [1, 2, 3]) {
        store.table("t/x").put(`${n}`, n);
        await store.commit();
      }
    });
    return readFileSync(segment(1), "utf8")
      .split("\n", 3)
      .map((line) => line.length + 1);
  }

  it.each([
    {
      why: "half of the last record",
      harm: (size: number, last: number) => truncateSync(segment(1), size - last + 5),
      left: 2,
    },
    { why: "only the line feed is missing", harm: (size: number) => truncateSync(segment(1), size - 1), left: 2 },
    { why: "blocks of zeros after a power loss", harm: () => appendFileSync(segment(1), Buffer.alloc(4096)), left: 3 },
    { why: "a line that is no record", harm: () => appendFileSync(segment(1), "{}\n"), left: 3 },
  ])("has its torn tail cut off: $why", async ({ harm, left }) => {
    const [, , last = 0] = await threeRecords();
    harm(statSync(segment(1)).size, last);

    expect(await session((store) => store.table("t/x").size)).toBe(left);
    expect(logged.join()).toMatch(/dropped \d+ bytes of an unfinished write at offset \d+/);
    await session((store) => (store.table("t/x").put("9", 9), store.commit()));
    expect(await session((store) => store.table("t/x").size)).toBe(left + 1);
  });

  it("stops the start when an inner record is damaged, naming file and offset", async () => {
    const [first = 0] = await threeRecords();
    const bytes = readFileSync(segment(1));
    bytes[first + 12] = 0x21;
    writeFileSync(segment(1), bytes);

    await expect(openStore(dir, { log })).rejects.toThrow(`${segment(1)} is damaged at offset ${first}`);
    await expect(openStore(dir, { log })).rejects.toThrow("is damaged"); // and not "in use": the lock was given back
  });

  it("stops the start when a segment between others is missing", async () => {
    await threeRecords();
    await threeRecords();
    await threeRecords();
    rmSync(segment(2));

    await expect(openStore(dir, { log })).rejects.toThrow(`${segment(2)} is missing`);
  });
});

describe("kill -9 of a writer", () => {
  function buildWriter(): string {
    const outfile = join(dir, "writer.mjs");
    const entry = join(__dirname, "acknowledging-writer.ts");
    buildSync({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", target: "node20" });
    return outfile;
  }

  /** Runs the writer until it has acknowledged some more numbers, kills it, and returns the highest. */
  async function killedAfter(writer: string, state: string, writers: number, more: number): Promise<number> {
    const child = spawn(process.execPath, [writer, state, String(writers)], { stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    let count = 0;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      printed += chunk.toString();
      count += chunk.toString().split("\n").length - 1;
      if (count >= more) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    return Math.max(0, ...printed.slice(0, printed.lastIndexOf("\n")).split("\n").map(Number));
  }

  it.each([1, 32])("loses nothing acknowledged and tears no batch with %i writers", async (writers) => {
    const writer = buildWriter();
    const state = join(dir, `state-${writers}`);
    for (let round = 1; round <= 5; round++) {
      const acknowledged = await killedAfter(writer, state, writers, 100 * round);

      const store = await openStore(state, { log });
      const table = store.table<number>("test/numbers");
      const missing = Array.from({ length: acknowledged }, (_, n) => n + 1).filter((n) => table.get(`${n}`) !== n);
      expect(missing).toEqual([]);
      expect([...table.values()].filter((n) => table.get(`twin-${n}`) !== n)).toEqual([]);
      await store.close();
    }
  });
});
