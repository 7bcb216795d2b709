"""The way of the longer workshops: metadata, three recipes side by side, filters, ranking, related items, batches, HPO, cleanup by lists."""

import json
import uuid

from support import *

account = sts.get_caller_identity()["Account"]
suffix = uuid.uuid4().hex[:6]
bucket = f"{account}-personalizepoc-{suffix}"
role_name = f"PersonalizeRolePOC-{suffix}"
done = {}

make_bucket(bucket)
s3.put_object(Bucket=bucket, Key="interactions.csv", Body=interactions_csv().encode())
s3.put_object(Bucket=bucket, Key="items/items.csv", Body=items_csv().encode())
group_arn = personalize.create_dataset_group(name=f"poc-{suffix}", tags=[{"tagKey": "kind", "tagValue": "poc"}])["datasetGroupArn"]
wait_for(personalize.describe_dataset_group, "datasetGroup", datasetGroupArn=group_arn)
role_arn = make_role(role_name)
iam.put_role_policy(
    RoleName=role_name,
    PolicyName="bucket",
    PolicyDocument=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
                    "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
                }
            ],
        }
    ),
)

arns = {}
for kind, text, location in (
    ("Interactions", INTERACTIONS_SCHEMA, "interactions.csv"),
    ("Items", ITEMS_SCHEMA, "items/"),
):
    schema_arn = personalize.create_schema(name=f"poc-{kind}-{suffix}", schema=text)["schemaArn"]
    dataset_arn = personalize.create_dataset(
        name=f"poc-{kind}-{suffix}", datasetType=kind, datasetGroupArn=group_arn, schemaArn=schema_arn
    )["datasetArn"]
    wait_for(personalize.describe_dataset, "dataset", datasetArn=dataset_arn)
    job_arn = personalize.create_dataset_import_job(
        jobName=f"poc-{kind}-{suffix}",
        datasetArn=dataset_arn,
        dataSource={"dataLocation": f"s3://{bucket}/{location}"},
        roleArn=role_arn,
    )["datasetImportJobArn"]
    arns[kind] = {"schema": schema_arn, "dataset": dataset_arn, "job": job_arn}
for kind in arns:
    wait_for(personalize.describe_dataset_import_job, "datasetImportJob", datasetImportJobArn=arns[kind]["job"])

versions = {}
for short, recipe in (
    ("user", "aws-user-personalization"),
    ("sims", "aws-sims"),
    ("rerank", "aws-personalized-ranking"),
):
    solution_arn = personalize.create_solution(
        name=f"poc-{short}-{suffix}",
        datasetGroupArn=group_arn,
        recipeArn=f"arn:aws:personalize:::recipe/{recipe}",
        performAutoTraining=False,
    )["solutionArn"]
    wait_for(personalize.describe_solution, "solution", solutionArn=solution_arn)
    versions[short] = personalize.create_solution_version(solutionArn=solution_arn, trainingMode="FULL")["solutionVersionArn"]
for short in versions:
    wait_for(personalize.describe_solution_version, "solutionVersion", solutionVersionArn=versions[short])
done["metrics"] = all(
    0 <= personalize.get_solution_metrics(solutionVersionArn=arn)["metrics"]["coverage"] <= 1 for arn in versions.values()
)

campaigns = {
    short: personalize.create_campaign(name=f"poc-{short}-{suffix}", solutionVersionArn=arn, minProvisionedTPS=1)["campaignArn"]
    for short, arn in versions.items()
}
for arn in campaigns.values():
    wait_for(personalize.describe_campaign, "campaign", campaignArn=arn)

filters = {
    name: personalize.create_filter(name=f"{name}-{suffix}", datasetGroupArn=group_arn, filterExpression=expression)["filterArn"]
    for name, expression in {
        "comedy": 'INCLUDE ItemID WHERE Items.GENRES IN ("Comedy")',
        "genre": "INCLUDE ItemID WHERE Items.GENRES IN ($GENRE)",
        "decade": "INCLUDE ItemID WHERE Items.YEAR >= 1990 AND Items.YEAR < 2000",
        "watched": 'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")',
        "unwatched": 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")',
    }.items()
}
for arn in filters.values():
    wait_for(personalize.describe_filter, "filter", filterArn=arn)


def ids(**more):
    answer = runtime.get_recommendations(campaignArn=campaigns["user"], userId="8", numResults=10, **more)
    return [int(item["itemId"]) for item in answer["itemList"]]


done["comedy"] = {film % 4 for film in ids(filterArn=filters["comedy"])} == {1}
done["genre"] = {film % 4 for film in ids(filterArn=filters["genre"], filterValues={"GENRE": '"Drama","Horror"'})} <= {2, 3}
done["decade"] = all(1990 <= 1980 + film < 2000 for film in ids(filterArn=filters["decade"]))
watched, unwatched = ids(filterArn=filters["watched"]), ids(filterArn=filters["unwatched"])
done["disjoint"] = len(watched) > 0 and not set(watched) & set(unwatched)

related = runtime.get_recommendations(campaignArn=campaigns["sims"], itemId="4", numResults=5)["itemList"]
done["related"] = len(related) == 5 and "4" not in [item["itemId"] for item in related]
ranked = runtime.get_personalized_ranking(campaignArn=campaigns["rerank"], userId="8", inputList=["1", "2", "3", "4"])
done["ranked"] = sorted(item["itemId"] for item in ranked["personalizedRanking"]) == ["1", "2", "3", "4"]
done["id"] = ranked["recommendationId"].startswith("RID-")

s3.put_object(Bucket=bucket, Key="batch/users.json", Body="".join(json.dumps({"userId": str(u)}) + "\n" for u in (1, 2, 3)))
batch_arn = personalize.create_batch_inference_job(
    solutionVersionArn=versions["user"],
    jobName=f"poc-batch-{suffix}",
    roleArn=role_arn,
    jobInput={"s3DataSource": {"path": f"s3://{bucket}/batch/users.json"}},
    jobOutput={"s3DataDestination": {"path": f"s3://{bucket}/batch-output/"}},
    numResults=5,
)["batchInferenceJobArn"]
wait_for(personalize.describe_batch_inference_job, "batchInferenceJob", batchInferenceJobArn=batch_arn)
output = boto3.resource("s3").Bucket(bucket).Object("batch-output/users.json.out").get()["Body"].read().decode()
lines = [json.loads(line) for line in output.splitlines()]
done["batch"] = [line["input"]["userId"] for line in lines] == ["1", "2", "3"] and all(
    len(line["output"]["recommendedItems"]) == 5 for line in lines
)

done["tags"] = personalize.list_tags_for_resource(resourceArn=group_arn)["tags"] == [{"tagKey": "kind", "tagValue": "poc"}]

# Cleanup, by what the lists show.
for campaign in personalize.get_paginator("list_campaigns").paginate().search("campaigns[]"):
    if campaign["name"].endswith(suffix):
        personalize.delete_campaign(campaignArn=campaign["campaignArn"])
for arn in campaigns.values():
    wait_until_gone(personalize.describe_campaign, campaignArn=arn)
for solution in personalize.list_solutions(datasetGroupArn=group_arn)["solutions"]:
    again_while_in_use(personalize.delete_solution, solutionArn=solution["solutionArn"])
    wait_until_gone(personalize.describe_solution, solutionArn=solution["solutionArn"])
for filter_ in personalize.list_filters(datasetGroupArn=group_arn)["Filters"]:
    personalize.delete_filter(filterArn=filter_["filterArn"])
    wait_until_gone(personalize.describe_filter, filterArn=filter_["filterArn"])
for dataset in personalize.list_datasets(datasetGroupArn=group_arn)["datasets"]:
    again_while_in_use(personalize.delete_dataset, datasetArn=dataset["datasetArn"])
    wait_until_gone(personalize.describe_dataset, datasetArn=dataset["datasetArn"])
personalize.delete_dataset_group(datasetGroupArn=group_arn)
wait_until_gone(personalize.describe_dataset_group, datasetGroupArn=group_arn)
for page in personalize.get_paginator("list_schemas").paginate(PaginationConfig={"PageSize": 1}):
    for schema_ in page["schemas"]:
        if schema_["name"].endswith(suffix):
            personalize.delete_schema(schemaArn=schema_["schemaArn"])
empty_bucket(bucket)
remove_role(role_name)
print(json.dumps(done))
