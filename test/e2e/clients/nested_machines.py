"""
The way of pipelines whose machines start machines: one child for each kind of thing, which describes it by the ARN that its name gives, creates it
when it is not there, polls, and puts an event; the parent runs the children for datasets and solutions in Maps. Run twice, it makes only what is new.
"""

import json
import uuid

from machines import *
from support import *

account = sts.get_caller_identity()["Account"]
suffix = uuid.uuid4().hex[:6]
name = f"nested-{suffix}"
bucket = f"personalize-{name}"
bus = f"{name}-bus"
sdk = "arn:aws:states:::aws-sdk:personalize:"
busy = [{"ErrorEquals": ["Personalize.LimitExceededException", "Personalize.ResourceInUseException"], "IntervalSeconds": 5, "MaxAttempts": 5, "BackoffRate": 1.05}]


def child(noun, create, arn_tail=None, named="$.name"):
    """A machine's states: describe, create if it is not there, wait and describe until it is ready, put an event."""
    key = f"{noun[0].lower()}{noun[1:]}"
    path = lambda state: f"$.{state}.{noun}"
    describing = lambda arn: {"Type": "Task", "Resource": f"{sdk}describe{noun}", "Parameters": {f"{noun}Arn.$": arn}, "Retry": busy}
    steps = {
        "Create": {
            "Type": "Task", "Resource": f"{sdk}create{noun}", "Parameters": create, "Retry": busy,
            "ResultPath": "$.Created", "Next": "Wait after create",
        },
        "Wait after create": {"Type": "Wait", "Seconds": 30, "Next": "Describe"},
        "Describe": {**describing(f"$.Created.{noun}Arn"), "ResultPath": "$.After", "Next": "Ready?"},
        "Ready?": {
            "Type": "Choice",
            "Choices": [
                {"Variable": f"{path('After')}.Status", "StringEquals": "ACTIVE", "Next": "Tell"},
                {"Variable": f"{path('After')}.Status", "StringEquals": "CREATE FAILED", "Next": "Failed"},
            ],
            "Default": "Wait after create",
        },
        "Tell": {
            "Type": "Task", "Resource": "arn:aws:states:::events:putEvents", "ResultPath": None, "Next": "End",
            "Parameters": {"Entries": [{
                "Source": "personalize.pipeline", "DetailType": f"{noun} status change", "EventBusName": bus,
                "Detail": {"Arn.$": f"{path('After')}.{noun}Arn", "Status.$": f"{path('After')}.Status"},
            }]},
        },
        "End": {"Type": "Pass", "End": True},
        "Failed": {"Type": "Fail", "Error": f"{noun}Failed"},
    }
    if arn_tail is None:
        return "Create", steps
    steps["Describe first"] = {
        **describing(f"States.Format('arn:aws:personalize:us-east-1:{{}}:{arn_tail}', $.account, {named})"),
        "ResultPath": "$.After", "Next": "Ready already?",
        "Catch": [{"ErrorEquals": ["Personalize.ResourceNotFoundException"], "ResultPath": "$.missing", "Next": "Create"}],
    }
    steps["Ready already?"] = {
        "Type": "Choice",
        "Choices": [{"Variable": f"{path('After')}.Status", "StringEquals": "ACTIVE", "Next": "End"}],
        "Default": "Failed",
    }
    return "Describe first", steps


children = {
    "DatasetGroup": child("DatasetGroup", {"Name.$": "$.name"}, "dataset-group/{}"),
    "Dataset": child("Dataset", {
        "Name.$": "$.name", "DatasetGroupArn.$": "$.group", "DatasetType.$": "$.type", "SchemaArn.$": "$.schema",
    }, "dataset/{}", "$.tail"),
    "DatasetImportJob": child("DatasetImportJob", {
        "JobName.$": "$.name", "DatasetArn.$": "$.dataset", "RoleArn.$": "$.role", "ImportMode": "FULL",
        "DataSource": {"DataLocation.$": "$.location"},
    }, "dataset-import-job/{}"),
    "Solution": child("Solution", {
        "Name.$": "$.name", "DatasetGroupArn.$": "$.group", "RecipeArn.$": "$.recipe", "PerformAutoTraining": False,
    }, "solution/{}"),
    "SolutionVersion": child("SolutionVersion", {"SolutionArn.$": "$.solution", "TrainingMode": "FULL"}),
    "Campaign": child("Campaign", {"Name.$": "$.name", "SolutionVersionArn.$": "$.version", "MinProvisionedTPS": 1}, "campaign/{}"),
    "BatchInferenceJob": child("BatchInferenceJob", {
        "JobName.$": "$.name", "SolutionVersionArn.$": "$.version", "RoleArn.$": "$.role", "NumResults": 3,
        "JobInput": {"S3DataSource": {"Path.$": "$.input"}}, "JobOutput": {"S3DataDestination": {"Path.$": "$.output"}},
    }),
    "BatchSegmentJob": child("BatchSegmentJob", {
        "JobName.$": "$.name", "SolutionVersionArn.$": "$.version", "RoleArn.$": "$.role", "NumResults": 5,
        "JobInput": {"S3DataSource": {"Path.$": "$.input"}}, "JobOutput": {"S3DataDestination": {"Path.$": "$.output"}},
    }),
}

make_bucket(bucket)
s3.put_object(Bucket=bucket, Key="interactions.csv", Body=interactions_csv().encode())
s3.put_object(Bucket=bucket, Key="items.csv", Body=items_csv().encode())
s3.put_object(Bucket=bucket, Key="in/users.json", Body="".join(json.dumps({"userId": str(u)}) + "\n" for u in (1, 2)).encode())
s3.put_object(Bucket=bucket, Key="in/items.json", Body=b'{"itemId": "1"}\n{"itemId": "2"}\n')
boto3.client("events").create_event_bus(Name=bus)
role_arn = make_role(f"{name}-data")
states_role = make_states_role(f"{name}-states", [
    "personalize:*", "states:StartExecution", "states:DescribeExecution", "states:StopExecution",
    "events:PutEvents", "events:PutTargets", "events:PutRule", "events:DescribeRule", "iam:PassRole",
])
arns = {noun: make_machine(f"{name}-{noun}", states_role, *parts) for noun, parts in children.items()}
schemas = {
    kind: personalize.create_schema(name=f"{name}-{kind}", schema=text)["schemaArn"]
    for kind, text in (("interactions", INTERACTIONS_SCHEMA), ("items", ITEMS_SCHEMA))
}


def starting(noun, given, result_path, **more):
    """Runs a child to its end and keeps the ARN of what it has made, found wherever in its output."""
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": arns[noun], "Input": {"account": account, **given}},
        "ResultSelector": {"Arn.$": f"$..Output[?(@.After)].After.{noun}.{noun}Arn", "Status.$": "$.Status"},
        "ResultPath": result_path,
        "Retry": [{"ErrorEquals": ["Personalize.Client.exceptions.LimitExceededException"], "MaxAttempts": 5}],
        **more,
    }


def mapping(items_path, selector, start_at, steps, **more):
    return {
        "Type": "Map", "ItemsPath": items_path, "MaxConcurrency": 10, "ItemSelector": selector,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": start_at, "States": steps}, **more,
    }


of_value = {"value.$": "$$.Map.Item.Value", "group.$": "$.group.Arn[0]", "role.$": "$.role", "run.$": "$.run"}
batch = lambda kind: {
    "name.$": f"States.Format('{{}}-{kind}-{{}}', $.value.name, $.run)", "version.$": "$.version.Arn[0]", "role.$": "$.role",
    "input.$": "$.value.batch.input", "output.$": "$.value.batch.output",
}
parent = {
    "Group": starting("DatasetGroup", {"name": name}, "$.group", Next="Datasets"),
    "Datasets": mapping("$.datasets", of_value, "Dataset", {
        "Dataset": starting("Dataset", {
            "name.$": "$.value.name", "tail.$": "States.Format('{}/{}', $.value.owner, $.value.type)",
            "group.$": "$.group", "type.$": "$.value.type", "schema.$": "$.value.schema",
        }, "$.dataset", Next="Import"),
        "Import": starting("DatasetImportJob", {
            "name.$": "States.Format('{}-{}', $.value.name, $.run)", "dataset.$": "$.dataset.Arn[0]", "location.$": "$.value.location",
            "role.$": "$.role",
        }, "$.import", End=True),
    }, ResultPath="$.imports", Next="Solutions"),
    "Solutions": mapping("$.solutions", of_value, "Solution", {
        "Solution": starting("Solution", {"name.$": "$.value.name", "group.$": "$.group", "recipe.$": "$.value.recipe"}, "$.solution", Next="Version"),
        "Version": starting("SolutionVersion", {"solution.$": "$.solution.Arn[0]"}, "$.version", Next="What for?"),
        "What for?": {
            "Type": "Choice",
            "Choices": [
                {"And": [{"Variable": "$.value.campaign", "IsPresent": True}, {"Variable": "$.value.campaign", "BooleanEquals": True}], "Next": "Campaign"},
                {"Variable": "$.value.recipe", "StringMatches": "*affinity", "Next": "Segments"},
            ],
            "Default": "Nothing more",
        },
        "Campaign": starting("Campaign", {"name.$": "$.value.name", "version.$": "$.version.Arn[0]"}, "$.campaign", Next="Inference"),
        "Inference": starting("BatchInferenceJob", batch("b"), "$.batch", End=True),
        "Segments": starting("BatchSegmentJob", batch("s"), "$.batch", End=True),
        "Nothing more": {"Type": "Succeed"},
    }, ResultPath="$.models", End=True),
}
pipeline = make_machine(f"{name}-pipeline", states_role, "Group", parent)


def given(run):
    recipe = "arn:aws:personalize:::recipe/"
    path = lambda key: f"s3://{bucket}/{key}"
    return {
        "run": run,
        "role": role_arn,
        "datasets": [
            {"owner": name, "name": f"{name}-{kind}", "type": kind.upper(), "schema": schemas[kind], "location": path(f"{kind}.csv")}
            for kind in ("interactions", "items")
        ],
        "solutions": [
            {"name": f"{name}-like", "recipe": f"{recipe}aws-popularity-count", "campaign": True, "batch": {"input": path("in/users.json"), "output": path(f"out/{run}/")}},
            {"name": f"{name}-fans", "recipe": f"{recipe}aws-item-affinity", "batch": {"input": path("in/items.json"), "output": path(f"out/{run}/")}},
        ],
    }


done = {}
first = run_machine(pipeline, given("1"))
done["imports"] = [made["import"]["Status"] for made in first["imports"]]
done["campaign"] = first["models"][0]["campaign"]["Arn"] == [f"arn:aws:personalize:us-east-1:{account}:campaign/{name}-like"]
answer = lambda key: [json.loads(line) for line in s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode().splitlines()]
done["inference"] = [len(line["output"]["recommendedItems"]) for line in answer("out/1/users.json.out")]
done["segments"] = [len(line["output"]["usersList"]) for line in answer("out/1/items.json.out")]

run_machine(pipeline, given("2"))
count = lambda operation, key, **of: len(list(personalize.get_paginator(operation).paginate(**of).search(f"{key}[]")))
group_arn = first["group"]["Arn"][0]
done["after two"] = {
    "datasets": count("list_datasets", "datasets", datasetGroupArn=group_arn),
    "imports": sum(count("list_dataset_import_jobs", "datasetImportJobs", datasetArn=d["datasetArn"]) for d in personalize.list_datasets(datasetGroupArn=group_arn)["datasets"]),
    "solutions": count("list_solutions", "solutions", datasetGroupArn=group_arn),
    "versions": sum(count("list_solution_versions", "solutionVersions", solutionArn=model["solution"]["Arn"][0]) for model in first["models"]),
}
executions = states.get_paginator("list_executions").paginate(stateMachineArn=arns["Campaign"]).search("executions[]")
done["children"] = [execution["status"] for execution in executions]
for arn in (pipeline, *arns.values()):
    delete_machine(arn)
print(json.dumps(done))
