/** What every service maker is given, for tests: jumping clock, memory store, countable ids, a seeded random source. */
import { createJumpingClock, type JumpingClock } from "../../local/cloud/clock/jumping-clock.ts";
import { memoryStore } from "../../local/cloud/journal/memory-store.ts";
import type { CallContext, ServiceDeps } from "../../local/cloud/ports/service.ts";

export interface TestDeps extends ServiceDeps {
  readonly clock: JumpingClock;
  /** Lines logged so far. */
  readonly lines: string[];
}

export function testDeps(options: { start?: number; store?: ServiceDeps["store"] } = {}): TestDeps {
  const lines: string[] = [];
  let count = 0;
  const hex = (digits: number) => (++count).toString(16).padStart(digits, "0");
  return {
    clock: createJumpingClock(options.start === undefined ? {} : { start: options.start }),
    ids: { uuid: () => `00000000-0000-4000-8000-${hex(12)}`, hex },
    random: () => 0.5,
    store: options.store ?? memoryStore(),
    account: "000000000000",
    region: "us-east-1",
    log: (line) => void lines.push(line),
    lines,
  };
}

export const rootContext: CallContext = {
  caller: { kind: "account" },
  requestId: "test",
  account: "000000000000",
  region: "us-east-1",
};

/** An authorizer that refuses nothing. */
export const openDoor = { authorize: () => {}, assertAssumable: () => {} };
