/**
 * Decides one step of a cleanup: what of what is left can be deleted now, whose training is to be stopped, what is waited
 * for, and what will never go. Pure; asked again after each step until nothing is left.
 *
 *   C1  A kind is touched only when nothing of the kinds before it is left.
 *   C2  Only what is stable is deleted; what is being made or changed is waited for.
 *   C3  A training for a solution that goes away is stopped: its result could never be used, and it is paid by the hour.
 *       Nothing else can be stopped, so it is waited for.
 *   C4  A deletion that failed is final: asking again would fail again.
 */
import { type Found, inWords, inOrder, type Kind } from "./found.ts";

export interface Step {
  /** What this step works at; null when nothing is left. */
  readonly kind: Kind | null;
  readonly delete: readonly Found[];
  /** Solution versions whose training ends. */
  readonly stop: readonly string[];
  /** In words. */
  readonly waitFor: readonly string[];
  readonly failed: readonly string[];
}

const stable = ["ACTIVE", "CREATE FAILED", "CREATE STOPPED", "INACTIVE"];

const isStoppable = (status: string): boolean => status === "CREATE PENDING" || status === "CREATE IN_PROGRESS";

const isLost = ({ status }: Found): boolean => status.startsWith("DELETE") && status.includes("FAILED");

const canGo = (found: Found): boolean => stable.includes(found.status) && found.work.length === 0;

const failure = (found: Found): string =>
  `${inWords(found)} is ${found.status}${found.failureReason === null ? "" : `: ${found.failureReason}`}`;

const waits = (found: Found): string[] => [
  ...(stable.includes(found.status) ? [] : [`${inWords(found)} is ${found.status}`]),
  ...found.work.map(({ what, status }) => `${what} is ${status}`),
];

export function nextStep(left: readonly Found[]): Step {
  const kind = inOrder(left)[0]?.kind ?? null;
  const atHand = inOrder(left).filter((found) => found.kind === kind);
  const going = atHand.filter((found) => !isLost(found));
  return {
    kind,
    delete: going.filter(canGo),
    stop: going.flatMap(({ work }) =>
      work.flatMap(({ stoppable, status }) => (stoppable !== null && isStoppable(status) ? [stoppable] : [])),
    ),
    waitFor: going.filter((found) => !canGo(found)).flatMap(waits),
    failed: atHand.filter(isLost).map(failure),
  };
}
