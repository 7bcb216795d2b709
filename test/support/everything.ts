/** A configuration with everything named that can be named: for tests of the whole template. */
import { type OutrankConfig, type OutrankConfigInput, resolveConfig } from "../../pipeline/config/outrank-config.ts";
import { demoConfig } from "./synthesized.ts";

const schedule = (expression: string) => ({ expression, timezone: "Europe/Berlin" });

export function everythingConfig(changes: Partial<OutrankConfigInput> = {}): OutrankConfig {
  const [shop] = demoConfig().datasetGroups;
  if (shop === undefined) throw new Error("the demo has a group");
  const { datasets, schedule: weekly } = shop;
  const input: OutrankConfigInput = {
    project: "outrank",
    tags: { "cost-centre": "42" },
    encryption: { customerKey: "create" },
    events: { bus: "outrank-runs" },
    api: {},
    datasetGroups: [
      {
        name: "shop",
        ...{ datasets, schedule: weekly, domain: "ECOMMERCE", eventTracker: true, tags: { team: "shop" } },
        solutions: [
          {
            ...{ name: "for-you", recipe: "aws-user-personalization" },
            ...{ performHPO: true, config: { hpoConfig: { hpoResourceConfig: { maxNumberOfTrainingJobs: "4" } } } },
            decision: { profile: "strict" },
          },
          { name: "fresh", recipe: "aws-user-personalization-v2", campaign: { minProvisionedTPS: 2 } },
        ],
        deadlines: { stopLateTraining: true },
        cadence: { import: schedule("rate(1 day)"), train: schedule("rate(7 days)"), batch: schedule("rate(1 day)") },
        cleanup: { mayDeleteForeign: true },
        retention: { oldSolutions: "delete" },
        preparation: { glueJob: "prepare-clicks", rawPrefix: "raw/clicks/" },
        followUp: {
          filters: [{ name: "in-stock", expression: 'EXCLUDE ItemID WHERE Items.CATEGORY_L1 IN ("none")' }],
          recommenders: [{ name: "popular", recipe: "aws-ecomm-popular-items-by-views" }],
          metricAttribution: {
            metrics: [{ eventType: "purchase", metricName: "sold", expression: "SAMPLECOUNT()" }],
            toBucket: true,
          },
          batchInference: [{ name: "mails", solution: "for-you", filter: "in-stock" }],
          batchSegments: [{ name: "fans", recipe: "aws-item-affinity" }],
        },
      },
    ],
    ...changes,
  };
  return resolveConfig(input, (path) => {
    throw new Error(`no file is named here, not even ${path}`);
  });
}
