/** Two parameter files of the AWS Solution as a shop and a film service might have them, written for these tests. */
const recipe = (name: string) => `arn:aws:personalize:::recipe/${name}`;
const tag = (tagKey: string, tagValue: string) => ({ tagKey, tagValue });

const bookInteractions = {
  type: "record",
  name: "interactions",
  namespace: "com.amazonaws.personalize.schema",
  fields: [
    { name: "USER_ID", type: "string" },
    { name: "ITEM_ID", type: "string" },
    { name: "TIMESTAMP", type: "long" },
    { name: "EVENT_TYPE", type: "string" },
  ],
};

/** Imports nightly, trains weekly, updates daily; has solutions that cannot compete. */
export const bookshop = {
  tags: [tag("team", "shelf")],
  datasetGroup: {
    serviceConfig: { name: "Books_EU", kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1234" },
    workflowConfig: { schedules: { import: "cron(0 2 * * ? *)" }, maxAge: "1 day" },
  },
  datasets: {
    serviceConfig: { importMode: "FULL", tags: [tag("kind", "data")] },
    interactions: {
      dataset: { serviceConfig: { name: "books-interactions" } },
      schema: { serviceConfig: { name: "books-interactions-schema", schema: bookInteractions } },
    },
    users: {
      dataset: { serviceConfig: { name: "books-users", importMode: "INCREMENTAL" } },
      schema: {
        serviceConfig: {
          name: "books-users-schema",
          schema: JSON.stringify({
            type: "record",
            name: "Users",
            namespace: "com.amazonaws.personalize.schema",
            fields: [
              { name: "USER_ID", type: "string" },
              { name: "COUNTRY", type: ["null", "string"], categorical: true, doc: "ISO code" },
            ],
            version: "1.0",
          }),
        },
      },
    },
  },
  eventTracker: { serviceConfig: { name: "books-tracker" } },
  filters: [
    {
      serviceConfig: {
        name: "not-yet-bought-by-this-reader",
        filterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("purchase")',
      },
    },
  ],
  solutions: [
    {
      serviceConfig: {
        name: "for_readers",
        recipeArn: recipe("aws-user-personalization"),
        eventType: "purchase",
        performHPO: true,
        solutionConfig: {
          hpoConfig: {
            hpoResourceConfig: { maxNumberOfTrainingJobs: "10", maxParallelTrainingJobs: "2" },
            hpoObjective: { type: "max", metricName: "precision_at_25" },
          },
        },
        solutionVersion: { name: "v1", trainingMode: "FULL" },
      },
      workflowConfig: { schedules: { full: "cron(0 4 ? * 1 *)", update: "cron(0 4 * * ? *)" }, maxAge: "7 days" },
      campaigns: [
        {
          serviceConfig: {
            name: "readers-live",
            minProvisionedTPS: 2,
            campaignConfig: { itemExplorationConfig: { explorationWeight: "0.2" } },
          },
        },
        { serviceConfig: { name: "readers-spare", minProvisionedTPS: 1 } },
      ],
      batchInferenceJobs: [
        {
          serviceConfig: {
            numResults: 50,
            filterArn: "arn:aws:personalize:eu-west-1:111122223333:filter/not-yet-bought-by-this-reader",
            jobInput: { s3DataSource: { path: "s3://books/batch/in.json" } },
          },
          workflowConfig: { schedule: "cron(0 6 ? * MON *)" },
        },
      ],
    },
    { serviceConfig: { name: "alike", recipeArn: recipe("aws-sims") } },
    { serviceConfig: { name: "popular", recipeArn: recipe("aws-popularity-count") } },
    {
      serviceConfig: { name: "who-likes-it", recipeArn: recipe("aws-item-affinity") },
      batchSegmentJobs: [{ serviceConfig: { numResults: 500 }, workflowConfig: { schedule: "cron(0 5 ? * MON *)" } }],
    },
  ],
  mystery: { deep: [1] },
};

/** A domain group with a recommender; one solution trains by itself, another on a schedule that is none. */
export const films = {
  datasetGroup: { serviceConfig: { name: "films", domain: "VIDEO_ON_DEMAND", tags: [tag("cost-center", "42")] } },
  datasets: {
    interactions: {
      dataset: { serviceConfig: { name: "films-i" } },
      schema: {
        serviceConfig: { name: "films-i", schema: { ...bookInteractions, name: "Interactions", version: "1.0" } },
      },
    },
  },
  recommenders: [
    {
      serviceConfig: {
        name: "top-picks",
        recipeArn: recipe("aws-vod-top-picks"),
        recommenderConfig: {
          minRecommendationRequestsPerSecond: 3,
          itemExplorationConfig: { explorationWeight: "0.1" },
        },
      },
    },
  ],
  solutions: [
    {
      serviceConfig: {
        name: "for-viewers",
        recipeArn: recipe("aws-user-personalization-v2"),
        performAutoTraining: true,
        solutionConfig: { autoTrainingConfig: { schedulingExpression: "rate(7 days)" } },
        solutionVersion: { trainingMode: "UPDATE" },
      },
      campaigns: [{ serviceConfig: { name: "viewers", minProvisionedTPS: 1 } }],
    },
    {
      serviceConfig: {
        name: "for-viewers",
        recipeArn: recipe("aws-hrnn"),
        solutionConfig: { hpoConfig: { hpoResourceConfig: { maxNumberOfTrainingJobs: "4" } } },
      },
      workflowConfig: { schedules: { full: "every monday" } },
    },
  ],
};
