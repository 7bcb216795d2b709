/** The event as rules match it and targets receive it. */
export interface EventEnvelope {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** Whole seconds, as the service writes them. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export interface NewEvent {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export function envelope(event: NewEvent, { account, region }: { account: string; region: string }): EventEnvelope {
  return {
    version: "0",
    id: event.id,
    "detail-type": event.detailType,
    source: event.source,
    account,
    time: isoSeconds(event.at),
    region,
    resources: event.resources,
    detail: event.detail,
  };
}

export const isoSeconds = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
