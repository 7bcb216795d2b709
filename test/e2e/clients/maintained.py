"""
The way of pipelines that keep a group fresh: describe by the ARN that the name gives, create on ResourceNotFound, come again while it is pending, find
jobs and versions by listing from their parent. Run twice: the second run must find everything and create nothing but what is new.
"""

import json
import uuid
from datetime import datetime, timezone

from support import *

account = sts.get_caller_identity()["Account"]
region = boto3.session.Session().region_name
suffix = uuid.uuid4().hex[:6]
bucket = f"personalize-maintained-{suffix}"
role_name = f"maintained-{suffix}"
created = []


class Pending(Exception):
    """Come again."""


def arn_of(kind, name):
    return f"arn:aws:personalize:{region}:{account}:{kind}/{name}"


def settled(resource):
    status = resource.get("latestCampaignUpdate", resource).get("status", "ACTIVE")
    if "FAILED" in status:
        raise SystemExit(f"{resource}")
    if status != "ACTIVE":
        raise Pending(status)
    return resource


def ensure(kind, key, describe, create, **arguments):
    """Answers the ACTIVE resource of that name, made when it is not there."""
    try:
        return settled(describe(**{f"{key}Arn": arn_of(kind, arguments["name"])})[key])
    except personalize.exceptions.ResourceNotFoundException:
        try:
            create(**arguments)
            created.append(kind)
        except personalize.exceptions.ResourceAlreadyExistsException:
            pass
        except (personalize.exceptions.LimitExceededException, personalize.exceptions.ResourceInUseException):
            pass
        raise Pending(kind)


def from_parent(operation, key, condition, **filters):
    """The newest of a parent's children that satisfies a condition."""
    pages = personalize.get_paginator(operation).paginate(**filters)
    children = [child for page in pages for child in page[key] if condition(child)]
    return max(children, key=lambda child: child["creationDateTime"], default=None)


def until_ready(step):
    end = time.time() + PATIENCE_SECONDS
    while time.time() < end:
        try:
            return step()
        except Pending:
            time.sleep(POLL_SECONDS)
    raise SystemExit("not ready")


usable = lambda child: child["status"] in ("ACTIVE", "CREATE PENDING", "CREATE IN_PROGRESS")


def dataset(kind, group_arn, schema_arn):
    found = from_parent("list_datasets", "datasets", lambda d: d["datasetType"] == kind, datasetGroupArn=group_arn)
    if found is None:
        personalize.create_dataset(name=f"{kind.lower()}-{suffix}", datasetType=kind, datasetGroupArn=group_arn, schemaArn=schema_arn)
        created.append("dataset")
        raise Pending("dataset")
    return settled(personalize.describe_dataset(datasetArn=found["datasetArn"])["dataset"])


def imported(job_name, dataset_arn, location):
    found = from_parent("list_dataset_import_jobs", "datasetImportJobs", lambda j: j["jobName"] == job_name, datasetArn=dataset_arn)
    if found is None:
        head = s3.head_object(Bucket=bucket, Key=location)
        assert head["LastModified"] <= datetime.now(timezone.utc)
        personalize.create_dataset_import_job(
            jobName=job_name,
            datasetArn=dataset_arn,
            roleArn=role_arn,
            importMode="FULL",
            dataSource={"dataLocation": f"s3://{bucket}/{location}"},
        )
        created.append("import")
        raise Pending("import")
    return settled(found)


def trained(solution_arn):
    found = from_parent("list_solution_versions", "solutionVersions", usable, solutionArn=solution_arn)
    if found is None:
        personalize.create_solution_version(solutionArn=solution_arn, trainingMode="FULL")
        created.append("version")
        raise Pending("version")
    return settled(personalize.describe_solution_version(solutionVersionArn=found["solutionVersionArn"])["solutionVersion"])


def tracker(group_arn):
    found = from_parent("list_event_trackers", "eventTrackers", usable, datasetGroupArn=group_arn)
    if found is None:
        personalize.create_event_tracker(name=f"tracker-{suffix}", datasetGroupArn=group_arn)
        created.append("tracker")
        raise Pending("tracker")
    return settled(personalize.describe_event_tracker(eventTrackerArn=found["eventTrackerArn"])["eventTracker"])


def run(data_version):
    """One pass over everything, each step until it is ACTIVE."""
    name = f"maintained-{suffix}"
    group = until_ready(lambda: ensure("dataset-group", "datasetGroup", personalize.describe_dataset_group, personalize.create_dataset_group, name=name))
    group_arn = group["datasetGroupArn"]
    for kind, text in (("INTERACTIONS", INTERACTIONS_SCHEMA), ("ITEMS", ITEMS_SCHEMA)):
        schema_ = until_ready(
            lambda: ensure("schema", "schema", personalize.describe_schema, personalize.create_schema, name=f"{name}-{kind}", schema=text)
        )
        made = until_ready(lambda: dataset(kind, group_arn, schema_["schemaArn"]))
        until_ready(lambda: imported(f"{kind.lower()}-{suffix}-{data_version}", made["datasetArn"], f"{kind.lower()}.csv"))
    until_ready(lambda: tracker(group_arn))
    until_ready(
        lambda: ensure(
            "filter", "filter", personalize.describe_filter, personalize.create_filter,
            name=f"unseen-{suffix}", datasetGroupArn=group_arn,
            filterExpression='EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")',
        )
    )
    solution = until_ready(
        lambda: ensure(
            "solution", "solution", personalize.describe_solution, personalize.create_solution,
            name=f"popular-{suffix}", datasetGroupArn=group_arn, performAutoTraining=False,
            recipeArn="arn:aws:personalize:::recipe/aws-popularity-count",
        )
    )
    version = until_ready(lambda: trained(solution["solutionArn"]))
    personalize.get_solution_metrics(solutionVersionArn=version["solutionVersionArn"])
    campaign = until_ready(
        lambda: ensure(
            "campaign", "campaign", personalize.describe_campaign, personalize.create_campaign,
            name=f"live-{suffix}", solutionVersionArn=version["solutionVersionArn"], minProvisionedTPS=1,
        )
    )
    return group_arn, solution, version, campaign


make_bucket(bucket)
s3.put_object(Bucket=bucket, Key="interactions.csv", Body=interactions_csv().encode())
s3.put_object(Bucket=bucket, Key="items.csv", Body=items_csv().encode())
role_arn = make_role(role_name)
done = {}

group_arn, solution, version, campaign = run("one")
done["first"] = sorted(set(created))
created.clear()
run("one")
done["again"] = list(created)
run("two")
done["new data"] = list(created)

newer = personalize.create_solution_version(solutionArn=solution["solutionArn"])["solutionVersionArn"]
wait_for(personalize.describe_solution_version, "solutionVersion", solutionVersionArn=newer)
personalize.update_campaign(campaignArn=campaign["campaignArn"], solutionVersionArn=newer, minProvisionedTPS=1)


def updated():
    described = personalize.describe_campaign(campaignArn=campaign["campaignArn"])["campaign"]
    settled(described)
    return described["solutionVersionArn"]


done["updated"] = until_ready(updated) == newer
users = "".join(json.dumps({"userId": str(user)}) + "\n" for user in range(1, 4))
s3.put_object(Bucket=bucket, Key="batch/in.json", Body=users.encode())
job = personalize.create_batch_inference_job(
    jobName=f"batch-{suffix}",
    solutionVersionArn=newer,
    roleArn=role_arn,
    filterArn=arn_of("filter", f"unseen-{suffix}"),
    jobInput={"s3DataSource": {"path": f"s3://{bucket}/batch/in.json"}},
    jobOutput={"s3DataDestination": {"path": f"s3://{bucket}/out/"}},
)["batchInferenceJobArn"]
listed = lambda: from_parent("list_batch_inference_jobs", "batchInferenceJobs", lambda j: j["batchInferenceJobArn"] == job, solutionVersionArn=newer)
until_ready(lambda: settled(listed()))
done["batch"] = s3.head_object(Bucket=bucket, Key="out/in.json.out")["ContentLength"] > 0
print(json.dumps(done))
