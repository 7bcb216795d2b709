/** A service that tells nothing of money, for tests of something else. */
import type { Ledger } from "../../lambdas/write-the-record/spending.ts";

export const silentLedger: Ledger = {
  trainingHours: async () => null,
  campaign: async () => null,
  requests: async () => [],
};
