/**
 * The uploads of one group as tables in the Glue catalogue, a ruleset for each, and the role with which Glue Data Quality
 * reads them. The tables say where the files lie and how they read; there are no crawlers, and nothing is copied.
 */
import { Aws } from "aws-cdk-lib";
import { CfnDatabase, CfnDataQualityRuleset, CfnTable } from "aws-cdk-lib/aws-glue";
import { Role } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { type AvroSchema, datasetTypes, type DatasetType, valueType } from "../../pipeline/config/avro-schema.ts";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import { uploadPrefix } from "../../pipeline/naming/bucket-layout.ts";
import { glueNames, groupPrefix } from "../../pipeline/naming/names.ts";
import { dqdlRules } from "../../pipeline/preflight/dqdl.ts";
import type { DataBucket } from "./data-bucket.ts";
import { allow, forThisAccount, type Permission } from "./permission.ts";

export interface DataQualityProps {
  readonly project: string;
  readonly group: DatasetGroup;
  readonly data: DataBucket;
}

export const glueArn = (resource: string): string =>
  `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;

export class DataQuality extends Construct {
  readonly role: Role;
  /** What the machine may start and read. */
  readonly rulesets: readonly string[];
  readonly tables: readonly string[];

  constructor(scope: Construct, id: string, { project, group, data }: DataQualityProps) {
    super(scope, id);
    const prefix = groupPrefix(project, group.name);
    const types = datasetTypes.filter((type) => group.datasets[type] !== undefined);
    const { database: name } = glueNames(prefix, "interactions");
    const database = new CfnDatabase(this, "Database", {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name, description: `Uploads of ${group.name}` },
    });
    this.rulesets = types.map((type) => glueArn(`dataQualityRuleset/${glueNames(prefix, type).ruleset}`));
    this.tables = [
      glueArn("catalog"),
      glueArn(`database/${name}`),
      ...types.map((type) => glueArn(`table/${name}/${glueNames(prefix, type).table}`)),
    ];
    for (const type of types) {
      const schema = group.datasets[type]?.schema;
      if (schema) this.ruleset({ type, schema, group, prefix, data }).addResourceDependency(database);
    }
    this.role = new Role(this, "Role", {
      description: "Glue Data Quality reads uploads",
      assumedBy: forThisAccount("glue.amazonaws.com"),
    });
    for (const permission of readings(name, group, data)) allow(this.role, permission);
  }

  /** Answers the table, on which the ruleset depends. */
  private ruleset(of: TableOf): CfnTable {
    const { type, group, prefix, schema } = of;
    const id = type.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
    const { database, table, ruleset } = glueNames(prefix, type);
    const made = new CfnTable(this, `${id}Table`, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: database,
      tableInput: tableInput(of),
    });
    new CfnDataQualityRuleset(this, `${id}Rules`, {
      name: ruleset,
      description: `From the schema of the ${type} in outrank.json`,
      ruleset: dqdlRules({ type, schema, checks: group.dataChecks, more: group.dataQuality.rules[type] ?? [] }),
      targetTable: { databaseName: database, tableName: table },
    }).addResourceDependency(made);
    return made;
  }
}

interface TableOf {
  readonly type: DatasetType;
  readonly schema: AvroSchema;
  readonly group: DatasetGroup;
  readonly prefix: string;
  readonly data: DataBucket;
}

/** The types that OpenCSVSerDe reads. */
const hiveTypes: Readonly<Record<string, string>> = {
  string: "string",
  int: "int",
  long: "bigint",
  float: "double",
  double: "double",
  boolean: "boolean",
};

function tableInput({ type, schema, group, prefix, data }: TableOf): CfnTable.TableInputProperty {
  return {
    name: glueNames(prefix, type).table,
    tableType: "EXTERNAL_TABLE",
    parameters: { classification: "csv", "skip.header.line.count": "1" },
    storageDescriptor: {
      columns: schema.fields.map((field) => ({
        name: field.name.toLowerCase(),
        type: hiveTypes[valueType(field).type] ?? "string",
      })),
      location: `s3://${data.bucket.bucketName}/${uploadPrefix(group.name, type)}`,
      inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
      serdeInfo: {
        serializationLibrary: "org.apache.hadoop.hive.serde2.OpenCSVSerde",
        parameters: { separatorChar: ",", quoteChar: '"', escapeChar: "\\" },
      },
    },
  };
}

/** What AWS's managed policy for Glue gives on everything, on what this group has. */
const readings = (database: string, group: DatasetGroup, data: DataBucket): readonly Permission[] => [
  {
    actions: ["s3:GetObject"],
    resources: [data.below(`${group.name}/`)],
    because: "people name their uploads",
  },
  { actions: ["s3:ListBucket", "s3:GetBucketLocation"], resources: [data.bucket.bucketArn] },
  {
    actions: ["glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:GetPartitions"],
    resources: [glueArn("catalog"), glueArn(`database/${database}`), glueArn(`table/${database}/*`)],
    because: "the tables of this group's own database",
  },
  {
    actions: ["glue:GetDataQualityRuleset", "glue:PublishDataQuality"],
    resources: [glueArn(`dataQualityRuleset/${groupRulesets(database)}`)],
    because: "the rulesets of this group, one for each dataset",
  },
  {
    actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [`arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:/aws-glue/*`],
    because: "Glue writes its runs to log groups of its own",
  },
  {
    actions: ["cloudwatch:PutMetricData"],
    resources: ["*"],
    conditions: { StringEquals: { "cloudwatch:namespace": "Glue Data Quality" } },
    because: "PutMetricData knows no resource; the namespace narrows it",
  },
];

const groupRulesets = (database: string): string => `${database.replaceAll("_", "-")}-*`;
