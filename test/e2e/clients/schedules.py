"""
The rest of the way of pipelines that keep a group fresh (maintained.py has its imports): a machine that maintains a solution, one that waits until
the next time and starts it, again and again; UPDATE trainings; tags; segments; a domain's recommender; the whole account read as a tree; cleanup.
"""

import json
import uuid
from datetime import datetime, timedelta, timezone

from groups import *
from machines import *
from support import *

account = sts.get_caller_identity()["Account"]
suffix = uuid.uuid4().hex[:6]
name = f"kept-{suffix}"
bucket = f"personalize-{name}"
sdk = "arn:aws:states:::aws-sdk:personalize:"
recipe = "arn:aws:personalize:::recipe/"
done = {}


make_bucket(bucket)
role_arn = make_role(f"{name}-data")
states_role = make_states_role(f"{name}-states", [
    "personalize:CreateSolutionVersion", "personalize:DescribeSolutionVersion", "personalize:UpdateCampaign", "personalize:DescribeCampaign",
    "states:StartExecution", "states:DescribeExecution", "states:StopExecution", "events:PutTargets", "events:PutRule", "events:DescribeRule",
])
films = [("INTERACTIONS", INTERACTIONS_SCHEMA, interactions_csv()), ("ITEMS", ITEMS_SCHEMA, items_csv())]
tags = [{"tagKey": "owner", "tagValue": "films"}]
group_arn = group_with(name, bucket, role_arn, films, tags=tags)
personalize.tag_resource(resourceArn=group_arn, tags=[{"tagKey": "stage", "tagValue": "test"}])
personalize.untag_resource(resourceArn=group_arn, tagKeys=["owner"])
done["tags"] = personalize.list_tags_for_resource(resourceArn=group_arn)["tags"]

solution_arn = personalize.create_solution(
    name=f"{name}-user", datasetGroupArn=group_arn, recipeArn=f"{recipe}aws-user-personalization", performAutoTraining=False, tags=tags,
)["solutionArn"]
ready("Solution", solution_arn)
full = personalize.create_solution_version(solutionArn=solution_arn, trainingMode="FULL", tags=tags)["solutionVersionArn"]
ready("SolutionVersion", full)
campaign_arn = personalize.create_campaign(name=f"{name}-live", solutionVersionArn=full, minProvisionedTPS=1)["campaignArn"]
ready("Campaign", campaign_arn)

# A poll is a task that fails with the status and is tried again: here a Choice leads back instead, as a Lambda is not needed for it.
maintenance = make_machine(f"{name}-maintenance", states_role, "Train", {
    "Train": {
        "Type": "Task", "Resource": f"{sdk}createSolutionVersion", "ResultPath": "$.version", "Next": "Training",
        "Parameters": {"SolutionArn.$": "$.solution", "TrainingMode.$": "$.mode"},
        "Retry": [{"ErrorEquals": ["Personalize.LimitExceededException"], "IntervalSeconds": 60, "BackoffRate": 1.02, "MaxAttempts": 100}],
    },
    "Training": {"Type": "Wait", "Seconds": 60, "Next": "Describe the version"},
    "Describe the version": {
        "Type": "Task", "Resource": f"{sdk}describeSolutionVersion", "ResultPath": "$.described", "Next": "Trained?",
        "Parameters": {"SolutionVersionArn.$": "$.version.SolutionVersionArn"},
    },
    "Trained?": {
        "Type": "Choice", "Default": "Training",
        "Choices": [
            {"Variable": "$.described.SolutionVersion.Status", "StringEquals": "ACTIVE", "Next": "Deploy"},
            {"Variable": "$.described.SolutionVersion.Status", "StringMatches": "CREATE FAILED*", "Next": "Failed"},
        ],
    },
    "Deploy": {
        "Type": "Task", "Resource": f"{sdk}updateCampaign", "ResultPath": None, "Next": "Deploying",
        "Parameters": {"CampaignArn.$": "$.campaign", "SolutionVersionArn.$": "$.version.SolutionVersionArn"},
        "Retry": [{"ErrorEquals": ["Personalize.ResourceInUseException"], "IntervalSeconds": 60, "MaxAttempts": 100}],
    },
    "Deploying": {"Type": "Wait", "Seconds": 60, "Next": "Describe the campaign"},
    "Describe the campaign": {
        "Type": "Task", "Resource": f"{sdk}describeCampaign", "ResultPath": "$.described", "Next": "Deployed?",
        "Parameters": {"CampaignArn.$": "$.campaign"},
    },
    "Deployed?": {
        "Type": "Choice", "Default": "Deploying",
        "Choices": [{"Variable": "$.described.Campaign.LatestCampaignUpdate.Status", "StringEquals": "ACTIVE", "Next": "Done"}],
    },
    "Done": {"Type": "Pass", "OutputPath": "$.described.Campaign.SolutionVersionArn", "End": True},
    "Failed": {"Type": "Fail", "Error": "TrainingFailed", "CausePath": "$.described.SolutionVersion.FailureReason"},
})
# Waits until it is due, starts its task and waits for it, and starts itself for the time after.
scheduler = make_machine(f"{name}-scheduler", states_role, "Wait until due", {
    "Wait until due": {"Type": "Wait", "Timestamp": "{% $states.input.next %}", "Next": "Start the task"},
    "Start the task": {
        "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "Output": "{% $states.input %}", "Next": "Start again",
        "Arguments": {"StateMachineArn": "{% $states.input.task %}", "Input": "{% $states.input.given %}"},
        "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.input %}", "Next": "Start again"}],
    },
    "Start again": {
        "Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "End": True,
        "Arguments": {
            "StateMachineArn": "{% $states.context.StateMachine.Id %}",
            "Input": "{% $merge([$states.input, {'next': $fromMillis($toMillis($states.input.next) + $states.input.everySeconds * 1000)}]) %}",
        },
    },
}, QueryLanguage="JSONata")
soon = (datetime.now(timezone.utc) + timedelta(seconds=10 * POLL_SECONDS)).isoformat(timespec="seconds").replace("+00:00", "Z")
states.start_execution(stateMachineArn=scheduler, input=json.dumps({
    "next": soon, "everySeconds": round(20 * POLL_SECONDS), "task": maintenance,
    "given": {"solution": solution_arn, "campaign": campaign_arn, "mode": "UPDATE"},
}))
succeeded = lambda arn: states.list_executions(stateMachineArn=arn, statusFilter="SUCCEEDED")["executions"]
end = time.time() + PATIENCE_SECONDS
while len(succeeded(scheduler)) < 2 and time.time() < end:
    time.sleep(POLL_SECONDS)
for execution in states.list_executions(stateMachineArn=scheduler, statusFilter="RUNNING")["executions"]:
    states.stop_execution(executionArn=execution["executionArn"], error="Deactivated")
end = time.time() + PATIENCE_SECONDS
while states.list_executions(stateMachineArn=maintenance, statusFilter="RUNNING")["executions"] and time.time() < end:
    time.sleep(POLL_SECONDS)
versions = personalize.get_paginator("list_solution_versions").paginate(solutionArn=solution_arn).search("solutionVersions[]")
described = [personalize.describe_solution_version(solutionVersionArn=v["solutionVersionArn"])["solutionVersion"] for v in versions]
done["modes"] = sorted({version["trainingMode"] for version in described})
done["updates"] = len(succeeded(maintenance)) >= 2
live = personalize.describe_campaign(campaignArn=campaign_arn)["campaign"]
done["live"] = live["solutionVersionArn"] != full and live["latestCampaignUpdate"]["status"] == "ACTIVE"
delete_machine(scheduler)
delete_machine(maintenance)

# Segments.
fans_arn = personalize.create_solution(name=f"{name}-fans", datasetGroupArn=group_arn, recipeArn=f"{recipe}aws-item-attribute-affinity", performAutoTraining=False)["solutionArn"]
ready("Solution", fans_arn)
fans = personalize.create_solution_version(solutionArn=fans_arn)["solutionVersionArn"]
ready("SolutionVersion", fans)
s3.put_object(Bucket=bucket, Key="segments/in.json", Body=b'{"itemAttributes": "ITEMS.GENRES = \\"Comedy\\""}\n')
job = personalize.create_batch_segment_job(
    jobName=f"{name}-segments", solutionVersionArn=fans, roleArn=role_arn, numResults=10,
    jobInput={"s3DataSource": {"path": f"s3://{bucket}/segments/in.json"}},
    jobOutput={"s3DataDestination": {"path": f"s3://{bucket}/segments/out/"}},
)["batchSegmentJobArn"]
ready("BatchSegmentJob", job)
line = json.loads(s3.get_object(Bucket=bucket, Key="segments/out/in.json.out")["Body"].read().decode())
# Users prefer the genre that their number says, modulo four: comedy is 1.
done["segment"] = sum(int(user) % 4 == 1 for user in line["output"]["usersList"]) >= 8

# A domain's group with a recommender, described by its name first.
watched = interactions_csv().replace("watch", "Watch").replace("click", "Click")
domain_group = group_with(f"{name}-vod", bucket, role_arn, [("INTERACTIONS", INTERACTIONS_SCHEMA, watched)], domain="VIDEO_ON_DEMAND")
recommender_arn = f"arn:aws:personalize:us-east-1:{account}:recommender/{name}-popular"
try:
    personalize.describe_recommender(recommenderArn=recommender_arn)
except personalize.exceptions.ResourceNotFoundException:
    asked = dict(name=f"{name}-popular", datasetGroupArn=domain_group, recipeArn=f"{recipe}aws-vod-most-popular")
    personalize.create_recommender(**asked, recommenderConfig={"minRecommendationRequestsPerSecond": 1})
ready("Recommender", recommender_arn)
done["recommender"] = len(runtime.get_recommendations(recommenderArn=recommender_arn, userId="1", numResults=4)["itemList"])

# The account as a tree: what is below each group, below each solution and version.
CHILDREN = {
    "dataset_group": ["dataset", "event_tracker", "filter", "solution", "recommender"],
    "dataset": ["dataset_import_job", "dataset_export_job"],
    "solution": ["campaign", "solution_version"],
    "solution_version": ["batch_inference_job", "batch_segment_job"],
}
camel = lambda snake: snake.split("_")[0] + "".join(part.title() for part in snake.split("_")[1:])


def below(kind, arn):
    for child in CHILDREN.get(kind, []):
        for page in personalize.get_paginator(f"list_{child}s").paginate(**{f"{camel(kind)}Arn": arn}):
            key = [key for key in page if key not in ("ResponseMetadata", "nextToken")][0]
            for summary in page[key]:
                child_arn = [value for name_, value in summary.items() if name_.endswith("Arn")][0]
                yield child, child_arn
                yield from below(child, child_arn)


tree = list(below("dataset_group", group_arn))
done["tree"] = sorted({kind for kind, _ in tree})
config = {kind: getattr(personalize, f"describe_{kind}")(**{f"{camel(kind)}Arn": arn}) for kind, arn in tree}
done["schema"] = json.loads(personalize.describe_schema(schemaArn=config["dataset"]["dataset"]["schemaArn"])["schema"]["schema"])["type"]

# Cleanup, children first.
personalize.delete_recommender(recommenderArn=recommender_arn)
wait_until_gone(personalize.describe_recommender, recommenderArn=recommender_arn)
for kind in ("campaign", "solution", "dataset"):
    for arn in [arn for each, arn in [*tree, *below("dataset_group", domain_group)] if each == kind]:
        again_while_in_use(getattr(personalize, f"delete_{kind}"), **{f"{kind}Arn": arn})
        wait_until_gone(getattr(personalize, f"describe_{kind}"), **{f"{kind}Arn": arn})
for group in (group_arn, domain_group):
    personalize.delete_dataset_group(datasetGroupArn=group)
    wait_until_gone(personalize.describe_dataset_group, datasetGroupArn=group)
for found in personalize.get_paginator("list_schemas").paginate().search("schemas[]"):
    if found["name"].startswith(name):
        personalize.delete_schema(schemaArn=found["schemaArn"])
empty_bucket(bucket)
remove_role(f"{name}-data")
remove_role(f"{name}-states")
print(json.dumps(done))
