/**
 * The policies of AWS's own that templates of this kind attach, by ARN. Statements are reduced to the services of the
 * embedded cloud; what they allow there is what they allow in AWS.
 */
const prefix = "arn:aws:iam::aws:policy/";

const onAll = (...actions: string[]) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
});

const writeLogs = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];
const readBuckets = ["s3:Get*", "s3:List*", "s3:Describe*"];

const policies: Readonly<Record<string, object>> = {
  "service-role/AWSLambdaBasicExecutionRole": onAll(...writeLogs),
  "service-role/AWSLambdaRole": onAll("lambda:InvokeFunction"),
  AWSXRayDaemonWriteAccess: onAll("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSampling*"),
  AWSXrayWriteOnlyAccess: onAll("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSampling*"),
  AmazonS3ReadOnlyAccess: onAll(...readBuckets),
  AmazonS3FullAccess: onAll("s3:*"),
  AmazonSNSFullAccess: onAll("sns:*"),
  AWSStepFunctionsFullAccess: onAll("states:*"),
  AWSStepFunctionsReadOnlyAccess: onAll("states:List*", "states:Describe*", "states:Get*"),
  AmazonEventBridgeFullAccess: onAll("events:*", "scheduler:*"),
  CloudWatchLogsFullAccess: onAll("logs:*"),
  CloudWatchFullAccess: onAll("cloudwatch:*", "logs:*"),
  AWSLambda_FullAccess: onAll("lambda:*"),
  AWSGlueConsoleFullAccess: onAll("glue:*"),
  IAMFullAccess: onAll("iam:*"),
  AdministratorAccess: onAll("*"),
  "service-role/AWSGlueServiceRole": {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["glue:*", "s3:GetBucketLocation", "s3:ListBucket", "s3:ListAllMyBuckets", "cloudwatch:PutMetricData"],
        Resource: "*",
      },
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        Resource: ["arn:aws:s3:::aws-glue-*/*", "arn:aws:s3:::*/*aws-glue-*/*"],
      },
      { Effect: "Allow", Action: writeLogs, Resource: "arn:aws:logs:*:*:*:/aws-glue/*" },
    ],
  },
  "service-role/AmazonPersonalizeFullAccess": {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "personalize:*", Resource: "*" },
      { Effect: "Allow", Action: ["cloudwatch:PutMetricData", "cloudwatch:ListMetrics"], Resource: "*" },
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"],
        Resource: ["arn:aws:s3:::*Personalize*", "arn:aws:s3:::*personalize*"],
      },
      {
        Effect: "Allow",
        Action: "iam:PassRole",
        Resource: "*",
        Condition: { StringEquals: { "iam:PassedToService": "personalize.amazonaws.com" } },
      },
    ],
  },
};

export function awsManagedPolicy(arn: string): object | undefined {
  return arn.startsWith(prefix) ? policies[arn.slice(prefix.length)] : undefined;
}

/** For the message about one that is not here. */
export const knownManagedPolicies = (): string[] => Object.keys(policies).map((name) => prefix + name);
