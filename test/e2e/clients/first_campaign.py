"""The way of the getting-started notebooks: data to S3, a role, a dataset group, one solution, a campaign, events, and away with it."""

import json
import time
import uuid

from support import *

account = sts.get_caller_identity()["Account"]
suffix = uuid.uuid4().hex[:6]
bucket = f"{account}-personalize-demo-{suffix}"
role_name = f"PersonalizeRoleDemo-{suffix}"
done = {}

make_bucket(bucket)
with open(f"/tmp/interactions-{suffix}.csv", "w") as file:
    file.write(interactions_csv())
boto3.Session().resource("s3").Bucket(bucket).Object("interactions.csv").upload_file(f"/tmp/interactions-{suffix}.csv")

schema_arn = personalize.create_schema(name=f"demo-schema-{suffix}", schema=INTERACTIONS_SCHEMA)["schemaArn"]
group_arn = personalize.create_dataset_group(name=f"demo-group-{suffix}")["datasetGroupArn"]
wait_for(personalize.describe_dataset_group, "datasetGroup", datasetGroupArn=group_arn)
dataset_arn = personalize.create_dataset(
    name=f"demo-interactions-{suffix}", datasetType="INTERACTIONS", datasetGroupArn=group_arn, schemaArn=schema_arn
)["datasetArn"]
wait_for(personalize.describe_dataset, "dataset", datasetArn=dataset_arn)

role_arn = make_role(role_name)
job_arn = personalize.create_dataset_import_job(
    jobName=f"demo-import-{suffix}",
    datasetArn=dataset_arn,
    dataSource={"dataLocation": f"s3://{bucket}/interactions.csv"},
    roleArn=role_arn,
)["datasetImportJobArn"]
done["import"] = wait_for(personalize.describe_dataset_import_job, "datasetImportJob", datasetImportJobArn=job_arn)["status"]

recipes = [recipe["recipeArn"] for recipe in personalize.list_recipes()["recipes"]]
recipe_arn = "arn:aws:personalize:::recipe/aws-user-personalization"
done["recipe"] = recipe_arn in recipes
solution_arn = personalize.create_solution(
    name=f"demo-solution-{suffix}", datasetGroupArn=group_arn, recipeArn=recipe_arn
)["solutionArn"]
wait_for(personalize.describe_solution, "solution", solutionArn=solution_arn)
version_arn = personalize.create_solution_version(solutionArn=solution_arn)["solutionVersionArn"]
wait_for(personalize.describe_solution_version, "solutionVersion", solutionVersionArn=version_arn)
metrics = personalize.get_solution_metrics(solutionVersionArn=version_arn)["metrics"]
done["metrics"] = sorted(metrics)
json.dumps(metrics, indent=2)

campaign_arn = personalize.create_campaign(
    name=f"demo-campaign-{suffix}",
    solutionVersionArn=version_arn,
    minProvisionedTPS=1,
    campaignConfig={"itemExplorationConfig": {"explorationWeight": "0.5", "explorationItemAgeCutOff": "30"}},
)["campaignArn"]
wait_for(personalize.describe_campaign, "campaign", campaignArn=campaign_arn)


def recommended(user):
    answer = runtime.get_recommendations(campaignArn=campaign_arn, userId=str(user))
    return [item["itemId"] for item in answer["itemList"]]


done["listed"] = len(recommended(4))
# Users 4 and 5 prefer different genres: films by their number modulo four.
done["differ"] = recommended(4)[:5] != recommended(5)[:5]

tracker = personalize.create_event_tracker(name=f"demo-tracker-{suffix}", datasetGroupArn=group_arn)
tracker_arn, tracking_id = tracker["eventTrackerArn"], tracker["trackingId"]
wait_for(personalize.describe_event_tracker, "eventTracker", eventTrackerArn=tracker_arn)
session = str(uuid.uuid1())
for film in ("5", "9", "13", "17", "21"):
    events.put_events(
        trackingId=tracking_id,
        userId="4",
        sessionId=session,
        eventList=[
            {
                "sentAt": int(time.time()),
                "eventType": "watch",
                "properties": json.dumps({"itemId": film, "eventValue": 4.5}),
            }
        ],
    )
done["after events"] = len(recommended(4))

personalize.delete_campaign(campaignArn=campaign_arn)
wait_until_gone(personalize.describe_campaign, campaignArn=campaign_arn)
again_while_in_use(personalize.delete_solution, solutionArn=solution_arn)
wait_until_gone(personalize.describe_solution, solutionArn=solution_arn)
personalize.delete_event_tracker(eventTrackerArn=tracker_arn)
wait_until_gone(personalize.describe_event_tracker, eventTrackerArn=tracker_arn)
personalize.delete_dataset(datasetArn=dataset_arn)
wait_until_gone(personalize.describe_dataset, datasetArn=dataset_arn)
personalize.delete_schema(schemaArn=schema_arn)
personalize.delete_dataset_group(datasetGroupArn=group_arn)
wait_until_gone(personalize.describe_dataset_group, datasetGroupArn=group_arn)
empty_bucket(bucket)
remove_role(role_name)
done["left"] = [
    len(personalize.list_campaigns()["campaigns"]),
    len([g for g in personalize.list_dataset_groups()["datasetGroups"] if g["datasetGroupArn"] == group_arn]),
]
print(json.dumps(done))
