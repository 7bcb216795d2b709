"""
The way of the public monitor: finds the campaigns and recommenders that are ACTIVE, reads how much they are used, puts metrics and alarms of its own, a
dashboard and events, turns a provision down, deletes what is idle, and removes what it has made by its tag.
"""

import json
import uuid
from datetime import datetime, timedelta, timezone

from groups import *
from support import *

suffix = uuid.uuid4().hex[:6]
name = f"watched-{suffix}"
bucket = f"personalize-{name}"
project = f"Monitor{suffix}"
cloudwatch = boto3.client("cloudwatch")
bridge = boto3.client("events")
sns = boto3.client("sns")
done = {}

make_bucket(bucket)
role_arn = make_role(name)
group_arn = group_with(name, bucket, role_arn, [("Interactions", INTERACTIONS_SCHEMA, interactions_csv())])
version_arn = trained(name, group_arn, "aws-popularity-count")["solutionVersionArn"]
busy, idle = (
    personalize.create_campaign(name=f"{name}-{kind}", solutionVersionArn=version_arn, minProvisionedTPS=4)["campaignArn"] for kind in ("busy", "idle")
)
for arn in (busy, idle):
    ready("Campaign", arn)
for user in range(6):
    runtime.get_recommendations(campaignArn=busy, userId=str(user), numResults=1)
topic_arn = sns.create_topic(Name=f"{project}-Notifications")["TopicArn"]
bridge.put_rule(Name=f"{project}-Rule", EventPattern=json.dumps({"source": ["personalize.monitor"]}), State="ENABLED")
bridge.put_targets(Rule=f"{project}-Rule", Targets=[{"Id": "topic", "Arn": topic_arn}])
dimension = lambda arn: [{"Name": "CampaignArn", "Value": arn}]


def requests_of(campaign, hours, period):
    """How many recommendations the campaign gave, newest period first."""
    end = datetime.now(timezone.utc) + timedelta(minutes=5)
    found = cloudwatch.get_metric_data(
        MetricDataQueries=[{
            "Id": "m1", "ReturnData": True,
            "MetricStat": {
                "Metric": {"Namespace": "AWS/Personalize", "MetricName": "GetRecommendations", "Dimensions": dimension(campaign)},
                "Period": period, "Stat": "Sum",
            },
        }],
        StartTime=end - timedelta(hours=hours), EndTime=end, ScanBy="TimestampDescending",
    )["MetricDataResults"]
    return sum(value for result in found for value in result["Values"])


def ensure_alarm(campaign, kind, namespace, metric, **settings):
    """An alarm for the metric, unless there is one; whether it acts follows the campaign."""
    there = cloudwatch.describe_alarms_for_metric(MetricName=metric, Namespace=namespace, Dimensions=dimension(campaign["campaignArn"]))
    acts = campaign["minProvisionedTPS"] > 1
    for alarm in there["MetricAlarms"]:
        if alarm["AlarmName"].startswith(f"{project}-{kind}-"):
            if alarm["ActionsEnabled"] != acts:
                switch = cloudwatch.enable_alarm_actions if acts else cloudwatch.disable_alarm_actions
                switch(AlarmNames=[alarm["AlarmName"]])
            return 0
    cloudwatch.put_metric_alarm(
        AlarmName=f"{project}-{kind}-{campaign['name']}", AlarmDescription="made by the monitor", ActionsEnabled=acts, OKActions=[topic_arn],
        AlarmActions=[topic_arn], MetricName=metric, Namespace=namespace, Dimensions=dimension(campaign["campaignArn"]), Period=300,
        Tags=[{"Key": "CreatedBy", "Value": project}], **settings,
    )
    return 1


def monitor():
    """One round over the campaigns; answers how many alarms it made."""
    made, data = 0, []
    for page in personalize.get_paginator("list_campaigns").paginate():
        for summary in page["campaigns"]:
            campaign = personalize.describe_campaign(campaignArn=summary["campaignArn"])["campaign"]
            if campaign["status"] != "ACTIVE" or not campaign["name"].startswith(name):
                continue
            recipe = personalize.describe_solution_version(solutionVersionArn=campaign["solutionVersionArn"])["solutionVersion"]["recipeArn"]
            assert "personalized-ranking" not in recipe
            tps = requests_of(campaign["campaignArn"], 1, 300) / 300
            for metric, value, unit in (
                ("minProvisionedTPS", campaign["minProvisionedTPS"], "Count/Second"),
                ("averageTPS", tps, "Count/Second"),
                ("campaignUtilization", tps / campaign["minProvisionedTPS"] * 100, "Percent"),
            ):
                data.append({"MetricName": metric, "Dimensions": dimension(campaign["campaignArn"]), "Value": value, "Unit": unit})
            made += ensure_alarm(
                campaign, "LowCampaignUtilization", project, "campaignUtilization", Statistic="Average", EvaluationPeriods=12,
                DatapointsToAlarm=9, Threshold=100, ComparisonOperator="LessThanThreshold", TreatMissingData="missing",
            )
            made += ensure_alarm(
                campaign, "IdleCampaign", "AWS/Personalize", "GetRecommendations", Statistic="Sum", EvaluationPeriods=12, Threshold=0,
                ComparisonOperator="LessThanOrEqualToThreshold", TreatMissingData="breaching",
            )
    cloudwatch.put_metric_data(Namespace=project, MetricData=data)
    return made


end = time.time() + PATIENCE_SECONDS
while requests_of(busy, 1, 300) < 6 and time.time() < end:
    time.sleep(POLL_SECONDS)
done["requests"] = [requests_of(busy, 1, 300), requests_of(idle, 24, 24 * 3600)]
done["alarms"] = [monitor(), monitor()]
widget = {"type": "metric", "x": 0, "y": 0, "width": 12, "height": 6, "properties": {"metrics": [[project, "averageTPS", "CampaignArn", busy]], "region": "us-east-1"}}
cloudwatch.put_dashboard(DashboardName=f"{project}-Dashboard", DashboardBody=json.dumps({"widgets": [widget]}))
done["metrics"] = len(cloudwatch.list_metrics(Namespace=project)["Metrics"])

# Too much provisioned: a quarter less, and the next round switches the alarm's actions off when one is left.
personalize.update_campaign(campaignArn=busy, minProvisionedTPS=1)
end = time.time() + PATIENCE_SECONDS
while time.time() < end:
    campaign = personalize.describe_campaign(campaignArn=busy)["campaign"]
    if campaign["minProvisionedTPS"] == 1 and campaign["latestCampaignUpdate"]["status"] == "ACTIVE":
        break
    time.sleep(POLL_SECONDS)
done["again"] = monitor()
alarms = cloudwatch.get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{project}-", AlarmTypes=["MetricAlarm"])
acting = {alarm["AlarmName"]: alarm["ActionsEnabled"] for page in alarms for alarm in page["MetricAlarms"]}
done["acting"] = [acting[f"{project}-{kind}-{name}-{which}"] for which in ("busy", "idle") for kind in ("LowCampaignUtilization", "IdleCampaign")]

# Idle for long: deleted, and told.
personalize.delete_campaign(campaignArn=idle)
wait_until_gone(personalize.describe_campaign, campaignArn=idle)
put = bridge.put_events(Entries=[{
    "Source": "personalize.monitor", "DetailType": "PersonalizeCampaignDeleted", "Resources": [idle], "Detail": json.dumps({"CampaignARN": idle}),
}])
done["told"] = put["FailedEntryCount"]

removed = []
for page in cloudwatch.get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{project}-", AlarmTypes=["MetricAlarm"]):
    for alarm in page["MetricAlarms"]:
        tags = cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
        if {"Key": "CreatedBy", "Value": project} in tags:
            removed.append(alarm["AlarmName"])
cloudwatch.delete_alarms(AlarmNames=removed)
bridge.remove_targets(Rule=f"{project}-Rule", Ids=["topic"])
bridge.delete_rule(Name=f"{project}-Rule")
sns.delete_topic(TopicArn=topic_arn)
cloudwatch.delete_dashboards(DashboardNames=[f"{project}-Dashboard"])
done["removed"] = len(removed)
print(json.dumps(done))
