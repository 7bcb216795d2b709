/** What a Task's Resource says: which service and action, and whether the state waits for more than the answer. */
export type TaskResource =
  | { readonly kind: "function"; readonly arn: string }
  | {
      readonly kind: "service";
      /** As the history shows it, e.g. "lambda", "aws-sdk:personalize". */
      readonly resourceType: string;
      /** As the history shows it, e.g. "invoke", "publish.waitForTaskToken", "startExecution.sync:2". */
      readonly resource: string;
      readonly action: string;
      readonly pattern: "request" | "token" | "sync" | "sync2";
    };

const suffixes = { "": "request", ".waitForTaskToken": "token", ".sync": "sync", ".sync:2": "sync2" } as const;

/** Optimized integrations that exist here, with the patterns each supports. */
const optimized: Readonly<Record<string, readonly string[]>> = {
  "lambda:invoke": ["request", "token"],
  "sns:publish": ["request", "token"],
  "events:putEvents": ["request", "token"],
  "states:startExecution": ["request", "token", "sync", "sync2"],
  "glue:startJobRun": ["request", "sync"],
};

/** undefined when no such integration exists in the embedded cloud. */
export function parseTaskResource(arn: string): TaskResource | undefined {
  if (/^arn:aws[\w-]*:lambda:[^:]*:\d{12}:function:[^:]+(:[^:]+)?$/.test(arn)) return { kind: "function", arn };
  const match = /^arn:aws[\w-]*:states:[^:]*:[^:]*:(aws-sdk:)?(\w+):(\w+)((?:\.\w+)?(?::2)?)$/.exec(arn);
  if (!match) return undefined;
  const [, sdk = "", service = "", action = "", suffix = ""] = match;
  const pattern = suffixes[suffix as keyof typeof suffixes] as (typeof suffixes)[keyof typeof suffixes] | undefined;
  const supported = sdk ? ["request", "token"] : optimized[`${service}:${action}`];
  if (!pattern || !supported?.includes(pattern)) return undefined;
  return { kind: "service", resourceType: `${sdk}${service}`, resource: `${action}${suffix}`, action, pattern };
}

export const waitsForToken = (resource: TaskResource | undefined) =>
  resource?.kind === "service" && resource.pattern === "token";

export const awaitsEnd = (resource: TaskResource | undefined) =>
  resource?.kind === "service" && (resource.pattern === "sync" || resource.pattern === "sync2");
