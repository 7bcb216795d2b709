/**
 * The service's rates (reference, section 4), for those who want to see how their programs take being throttled: off unless the settings
 * switch it on. Calls are counted in seconds of the clock; the call past the rate is refused.
 */
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { Clock } from "../../cloud/ports/clock.ts";

/** Requests a second. */
export interface Rates {
  /** PutEvents and PutActionInteractions, per dataset group. */
  readonly events: number;
  /** PutItems, PutUsers and PutActions, per dataset. */
  readonly records: number;
  /** Per campaign or recommender and operation. */
  readonly recommendations: number;
}

export interface Throttle {
  /** @throws AwsError ThrottlingException when `key` has been used up for this second */
  assertWithin(rate: keyof Rates, key: string): void;
}

export function createThrottle({ now }: Pick<Clock, "now">, rates: Rates | undefined): Throttle {
  const used = new Map<string, number>();
  let second = 0;
  return {
    assertWithin(rate, key) {
      if (!rates) return;
      const current = Math.floor(now() / 1000);
      if (current !== second) used.clear();
      second = current;
      const count = (used.get(key) ?? 0) + 1;
      used.set(key, count);
      if (count <= rates[rate]) return;
      throw new AwsError("ThrottlingException", `Rate exceeded: more than ${rates[rate]} requests a second of ${key}.`);
    },
  };
}
