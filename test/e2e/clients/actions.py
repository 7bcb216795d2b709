"""
The way of the guide's next best action, and what it tells of looking after data: actions and what users did with them, in bulk and one by one, a campaign
that recommends actions; a metric attribution; exports; users deleted.
"""

import json
import uuid

from groups import *
from support import *

suffix = uuid.uuid4().hex[:6]
name = f"actions-{suffix}"
bucket = f"personalize-{name}"
done = {}

make_bucket(bucket)
role_arn = make_role(name)
group_arn = group_with(name, bucket, role_arn, [
    ("Interactions", INTERACTIONS_SCHEMA, interactions_csv()), ("Items", ITEMS_SCHEMA, items_csv()),
])

field = lambda title, *kinds, **more: {"name": title, "type": list(kinds) if len(kinds) > 1 else kinds[0], **more}
actions_schema = schema(
    "Actions", field("ACTION_ID", "string"), field("VALUE", "null", "long"), field("KIND", "null", "string", categorical=True),
    field("CREATION_TIMESTAMP", "null", "long"),
)
action_events = schema(
    "ActionInteractions", field("USER_ID", "string"), field("ACTION_ID", "string"), field("EVENT_TYPE", "string"), field("TIMESTAMP", "long"),
)
actions_arn = add_dataset(name, group_arn, "Actions", actions_schema)
acted_arn = add_dataset(name, group_arn, "Action_Interactions", action_events)
imported(f"{name}-actions", actions_arn, bucket, "actions.csv", "ACTION_ID,VALUE,KIND,CREATION_TIMESTAMP\n" + "".join(
    f"a{n},{n + 1},{('loyalty', 'offer')[n % 2]},1700000000\n" for n in range(6)
), role_arn)
# Everybody is shown all six; a user takes the two with the number of the own genre, modulo three.
shown = ["USER_ID,ACTION_ID,EVENT_TYPE,TIMESTAMP"]
for user in range(1, 121):
    for n in range(6):
        at = 1_760_400_000 + user * 60 + n
        shown.append(f"{user},a{n},Viewed,{at}")
        shown.append(f"{user},a{n},{'Taken' if n % 3 == user % 3 else 'Not Taken'},{at + 5}")
imported(f"{name}-acted", acted_arn, bucket, "acted.csv", "\n".join(shown) + "\n", role_arn)
events.put_actions(datasetArn=actions_arn, actions=[
    {"actionId": "a6", "properties": json.dumps({"value": 9, "kind": "offer", "creationTimestamp": 1_760_400_000})}
])
# The dataset of what users did with actions has a tracking id of its own.
tracking_id = personalize.describe_dataset(datasetArn=acted_arn)["dataset"]["trackingId"]
events.put_action_interactions(trackingId=tracking_id, actionInteractions=[
    {"actionId": "a6", "userId": "1", "sessionId": "s1", "timestamp": 1_760_500_000, "eventType": "Taken"},
    {"actionId": "a6", "userId": "2", "sessionId": "s2", "timestamp": 1_760_500_001, "eventType": "Not Taken", "impression": ["a6", "a1"]},
])
version = trained(name, group_arn, "aws-next-best-action", training={"trainingMode": "FULL"})
metrics = personalize.get_solution_metrics(solutionVersionArn=version["solutionVersionArn"])["metrics"]
done["metrics"] = sorted(metrics)
campaign_arn = deployed(name, version["solutionVersionArn"])
act = lambda **more: runtime.get_action_recommendations(campaignArn=campaign_arn, **more)
best = act(userId="3", numResults=3)
done["scores"] = all(0 <= action["score"] <= 1 for action in best["actionList"])
done["best"] = len(best["actionList"])
done["stranger"] = len(act(userId="nobody")["actionList"])
taken = personalize.create_filter(
    name=f"{name}-taken", datasetGroupArn=group_arn, filterExpression="EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ($TYPES)"
)["filterArn"]
offers = personalize.create_filter(
    name=f"{name}-offers", datasetGroupArn=group_arn, filterExpression='INCLUDE ActionID WHERE Actions.KIND IN ("offer") AND Actions.VALUE < 5'
)["filterArn"]
for arn in (taken, offers):
    wait_for(personalize.describe_filter, "filter", filterArn=arn)
left = act(userId="3", filterArn=taken, filterValues={"TYPES": '"Taken"'}, numResults=10)["actionList"]
done["not taken"] = sorted(action["actionId"] for action in left)
done["offers"] = sorted(action["actionId"] for action in act(userId="3", filterArn=offers)["actionList"])

# How much recommendations do: the calls alone, since reports take a day.
attribution_arn = personalize.create_metric_attribution(
    name=name, datasetGroupArn=group_arn,
    metrics=[{"eventType": "watch", "metricName": "films watched", "expression": "SAMPLECOUNT()"}],
    metricsOutputConfig={"roleArn": role_arn, "s3DataDestination": {"path": f"s3://{bucket}/attribution/"}},
)["metricAttributionArn"]
ready("MetricAttribution", attribution_arn)
personalize.update_metric_attribution(
    metricAttributionArn=attribution_arn,
    addMetrics=[{"eventType": "click", "metricName": "years clicked", "expression": "SUM(Items.YEAR)"}],
)
ready("MetricAttribution", attribution_arn)
end = time.time() + PATIENCE_SECONDS
names = []
while len(names) < 2 and time.time() < end:
    listed = personalize.list_metric_attribution_metrics(metricAttributionArn=attribution_arn)["metrics"]
    names = sorted(metric["metricName"] for metric in listed)
done["attributed"] = names
tracker = personalize.create_event_tracker(name=name, datasetGroupArn=group_arn)
ready("EventTracker", tracker["eventTrackerArn"])
events.put_events(trackingId=tracker["trackingId"], userId="9", sessionId="s9", eventList=[
    {"eventType": "watch", "eventId": "e1", "itemId": "5", "eventValue": 4.0, "sentAt": 1_760_500_010, "metricAttribution": {"eventAttributionSource": "mail"}},
])
found = personalize.list_metric_attributions(datasetGroupArn=group_arn)["metricAttributions"]
done["attributions"] = [attribution["name"] for attribution in found] == [name]
personalize.delete_metric_attribution(metricAttributionArn=attribution_arn)
wait_until_gone(personalize.describe_metric_attribution, metricAttributionArn=attribution_arn)

interactions_arn = next(d["datasetArn"] for d in personalize.list_datasets(datasetGroupArn=group_arn)["datasets"] if d["datasetType"] == "INTERACTIONS")


def exported(mode):
    job = personalize.create_dataset_export_job(
        jobName=f"{name}-{mode.lower()}", datasetArn=interactions_arn, ingestionMode=mode, roleArn=role_arn,
        jobOutput={"s3DataDestination": {"path": f"s3://{bucket}/{mode}/"}},
    )["datasetExportJobArn"]
    ready("DatasetExportJob", job)
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket, Prefix=f"{mode}/")["Contents"] if entry["Key"].endswith(".csv")]
    text = "".join(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys)
    return list(csv.DictReader(io.StringIO(text)))


done["put"] = [(row["USER_ID"], row["ITEM_ID"]) for row in exported("PUT")]
before = exported("ALL")
s3.put_object(Bucket=bucket, Key="forget/users.csv", Body=b"USER_ID\n9\n10\n")
deletion = personalize.create_data_deletion_job(
    jobName=name, datasetGroupArn=group_arn, roleArn=role_arn, dataSource={"dataLocation": f"s3://{bucket}/forget/users.csv"}
)["dataDeletionJobArn"]
done["deletion"] = wait_for(personalize.describe_data_deletion_job, "dataDeletionJob", wanted=("COMPLETED",), dataDeletionJobArn=deletion)["status"]
job = personalize.create_dataset_export_job(
    jobName=f"{name}-after", datasetArn=interactions_arn, ingestionMode="BULK", roleArn=role_arn,
    jobOutput={"s3DataDestination": {"path": f"s3://{bucket}/after/"}},
)["datasetExportJobArn"]
ready("DatasetExportJob", job)
body = s3.get_object(Bucket=bucket, Key=f"after/{name}-after.csv")["Body"].read().decode()
users = {row["USER_ID"] for row in csv.DictReader(io.StringIO(body))}
done["forgotten"] = [{"9", "10"} <= {row["USER_ID"] for row in before}, bool({"9", "10"} & users), len(users)]
print(json.dumps(done))
