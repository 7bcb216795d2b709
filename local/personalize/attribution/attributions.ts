/**
 * Counts for metric attributions, and tells CloudWatch, with the attribution's role. What is not told yet is rows, so it outlives the
 * process; a group without an attribution costs a look into an empty table.
 *
 * CloudWatch gets the amounts of a window at its beginning, a little at a time: there they add up.
 */
import type { PutMetricDataCommandInput } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { Timer } from "../../cloud/ports/clock.ts";
import type { AwsCalls, Caller } from "../../cloud/ports/service.ts";
import { those, type ControlPlane } from "../control-plane.ts";
import type { ImportAttribution, StreamedEvent } from "../job-runner.ts";
import { servicePrincipal } from "../lifecycles/role-bucket.ts";
import type { Rows } from "../model.ts";
import { schemaInGroup } from "../serving/campaign-request.ts";
import { markIn, markOf } from "../serving/recommendation-ids.ts";
import { amountsOf, keyOf, merged, oldestSeconds, unknownSource, type Amount } from "./amounts.ts";
import { attributedMetrics, type AttributedMetric } from "./attributed-metric.ts";

export interface AttributedAmount extends Amount {
  readonly attributionArn: string;
}

export interface Attributions {
  /** Counts sent events, unless the group has no ACTIVE attribution; durable with the next commit. @returns whether it counted */
  noteEvents(datasetGroupArn: string, events: readonly StreamedEvent[]): boolean;
  /** Counts what an import's rows amount to; durable with the next commit. */
  noteAmounts(datasetGroupArn: string, amounts: readonly Amount[]): void;
  /** What an import has to count; undefined when nobody asks. */
  ofImport(datasetGroupArn: string): ImportAttribution | undefined;
  forget(metricAttributionArn: string): void;
  resume(): void;
  close(): void;
}

/** The ACTIVE one of the group. */
export const attributionOf = (plane: ControlPlane, datasetGroupArn: string): Rows["metricAttribution"] | undefined =>
  those(plane, "metricAttribution", (row) => row.datasetGroupArn === datasetGroupArn && row.status === "ACTIVE")[0];

/** By mark: every campaign and recommender there is. */
const sourcesByMark = ({ tables }: ControlPlane): Record<string, string> =>
  Object.fromEntries(
    [...tables.campaign.entries(), ...tables.recommender.entries()].map(([arn]) => [markOf(arn), arn]),
  );

export function createAttributions(plane: () => ControlPlane, calls: AwsCalls | undefined): Attributions {
  let timer: Timer | undefined;

  function metricsOf(arn: string, datasetGroupArn: string): AttributedMetric[] {
    const asked = plane().side.attributedMetrics.get(arn) ?? [];
    return attributedMetrics(asked, (dataset) => schemaInGroup(plane(), datasetGroupArn, dataset));
  }

  /** Amounts of sources beyond the quota are nobody's to see. */
  function add(attributionArn: string, amounts: readonly Amount[]): void {
    const { side, clock, settings } = plane();
    const oldest = clock.now() / 1000 - oldestSeconds;
    const known = new Set(side.attributedSources.get(attributionArn));
    const before = known.size;
    for (const amount of amounts) {
      if (amount.window < oldest) continue;
      if (!known.has(amount.source) && known.size >= settings.quotas.attributionSources) continue;
      known.add(amount.source);
      keep(plane(), { ...amount, attributionArn });
    }
    if (known.size > before) side.attributedSources.put(attributionArn, [...known]);
    arm();
  }

  function arm(): void {
    const { clock, settings, side, log } = plane();
    if (timer || !calls || side.attributedAmounts.size === 0) return;
    const fire = () => {
      timer = undefined;
      const release = clock.busy();
      void publish(plane(), calls)
        .catch((error: unknown) => log(`personalize: metric attributions: ${String(error)}`))
        .finally(release)
        .finally(arm);
    };
    timer = clock.at(clock.deadline(settings.attributionsEveryMs), fire, { background: true });
  }

  return {
    noteEvents(datasetGroupArn, events) {
      const attribution = attributionOf(plane(), datasetGroupArn);
      if (!attribution) return false;
      const metrics = metricsOf(attribution.metricAttributionArn, datasetGroupArn);
      const facts = factsOf(plane(), datasetGroupArn);
      const amounts = events.flatMap((event) => amountsOf(metrics, facts(event)));
      add(attribution.metricAttributionArn, amounts);
      return true;
    },
    noteAmounts(datasetGroupArn, amounts) {
      const attribution = attributionOf(plane(), datasetGroupArn);
      if (attribution) add(attribution.metricAttributionArn, amounts);
    },
    ofImport(datasetGroupArn) {
      const attribution = attributionOf(plane(), datasetGroupArn);
      if (!attribution) return undefined;
      const isItems = (row: Rows["dataset"]) => row.datasetGroupArn === datasetGroupArn && row.datasetType === "ITEMS";
      const [items] = those(plane(), "dataset", isItems);
      return {
        metrics: metricsOf(attribution.metricAttributionArn, datasetGroupArn),
        sources: sourcesByMark(plane()),
        ...(items ? { itemsArn: items.datasetArn } : {}),
      };
    },
    forget(arn) {
      const { attributedAmounts, attributedSources } = plane().side;
      attributedSources.delete(arn);
      for (const [key, { attributionArn }] of [...attributedAmounts.entries()]) {
        if (attributionArn === arn) attributedAmounts.delete(key);
      }
    },
    resume: arm,
    close: () => timer?.cancel(),
  };
}

/** Why CloudWatch would not take this role's metrics; undefined when it would. */
export function refusalToCount(
  { authorizer }: Pick<ControlPlane, "authorizer">,
  arn: string,
  roleArn: string,
): string | undefined {
  const conditions = { "cloudwatch:namespace": namespace };
  try {
    authorizer.assertAssumable(roleArn, servicePrincipal, arn);
    authorizer.authorize(callerOf(roleArn), { action: "cloudwatch:PutMetricData", resource: "*", conditions });
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return `Insufficient privileges for putting metrics into Amazon CloudWatch. ${error.message}`;
  }
}

const namespace = "AWS/Personalize";
const callerOf = (roleArn: string): Caller => ({ kind: "role", roleArn, session: "PersonalizeMetrics" });

/** What an event of the group says to its metrics. */
function factsOf(plane: ControlPlane, datasetGroupArn: string) {
  let marks: Record<string, string> | undefined;
  const answeredBy = (recommendationId: string) => (marks ??= sourcesByMark(plane))[markIn(recommendationId) ?? ""];
  const numberOf = (value: unknown) => (typeof value === "number" ? value : undefined);
  return ({ eventType, timestamp, itemId, eventValue, recommendationId, properties }: StreamedEvent) => {
    const said = properties[sourceColumn];
    const answered = recommendationId === undefined ? undefined : answeredBy(recommendationId);
    return {
      ...{ eventType, timestamp, source: typeof said === "string" ? said : (answered ?? unknownSource) },
      valueOf(dataset: "INTERACTIONS" | "ITEMS", column: string) {
        if (dataset === "INTERACTIONS") return column === "EVENT_VALUE" ? eventValue : numberOf(properties[column]);
        return itemId === undefined
          ? undefined
          : numberOf(plane.jobs.metadataOf(datasetGroupArn, "ITEMS", itemId, [column])?.[column]);
      },
    };
  };
}

/** Where PutEvents keeps `metricAttribution`, and an import its source. */
export const sourceColumn = "EVENT_ATTRIBUTION_SOURCE";

const mostPerCall = 1000;

/** Takes the rows out and tells CloudWatch; what it refuses is put back, to be tried again while it is young enough. */
async function publish(plane: ControlPlane, calls: AwsCalls): Promise<void> {
  const { side, tables, clock, store } = plane;
  const oldest = clock.now() / 1000 - oldestSeconds;
  const waiting = [...side.attributedAmounts.entries()];
  for (const [key] of waiting) side.attributedAmounts.delete(key);
  const young = waiting.map(([, amount]) => amount).filter(({ window }) => window >= oldest);
  for (const attribution of tables.metricAttribution.values()) {
    const own = young.filter(({ attributionArn }) => attributionArn === attribution.metricAttributionArn);
    for (let from = 0; from < own.length; from += mostPerCall) {
      await tell(plane, calls, attribution, own.slice(from, from + mostPerCall));
    }
  }
  await store.commit();
}

async function tell(
  plane: ControlPlane,
  calls: AwsCalls,
  attribution: Rows["metricAttribution"],
  amounts: readonly AttributedAmount[],
): Promise<void> {
  const { metricAttributionArn: arn, metricsOutputConfig } = attribution;
  const roleArn = metricsOutputConfig?.roleArn ?? "";
  try {
    plane.authorizer.assertAssumable(roleArn, servicePrincipal, arn);
    await calls.call("monitoring", "PutMetricData", metricData(attribution, amounts), callerOf(roleArn));
  } catch (error) {
    plane.log(`personalize: CloudWatch does not take the metrics of ${arn}: ${String(error)}`);
    for (const amount of amounts) keep(plane, amount);
  }
}

function keep({ side: { attributedAmounts } }: ControlPlane, amount: AttributedAmount): void {
  const { attributionArn } = amount;
  const key = `${attributionArn} ${keyOf(amount)}`;
  attributedAmounts.put(key, { ...merged(attributedAmounts.get(key), amount), attributionArn });
}

/** The metric's own name, by group, event type and source. */
function metricData(
  { datasetGroupArn }: Rows["metricAttribution"],
  amounts: readonly Amount[],
): PutMetricDataCommandInput {
  return {
    Namespace: namespace,
    MetricData: amounts.map(({ metric, eventType, source, window, count, sum, min, max }) => ({
      MetricName: metric,
      Dimensions: [
        { Name: "DatasetGroupArn", Value: datasetGroupArn },
        { Name: "EventType", Value: eventType },
        { Name: "EventAttributionSource", Value: source },
      ],
      Timestamp: new Date(window * 1000),
      StatisticValues: { SampleCount: count, Sum: sum, Minimum: min, Maximum: max },
    })),
  };
}
