#!/usr/bin/env python3
"""Writes the reduced service models beside this file from the installed botocore. Run by a maintainer, never by a build:

    python3 local/cloud/models/reduce.py

Kept are the shapes that the chosen operations reach, every exception of the service (its SDK knows them all), the HTTP
bindings and what the protocols need. Documentation is dropped. One operation or shape a line, so that diffs can be read.
"""

import json
from pathlib import Path

import botocore
from botocore.loaders import Loader

# Service id of local/cloud/ports/service.ts -> botocore's name, and the operations kept (None: all).
SERVICES = {
    "personalize": ("personalize", None),
    "personalize-runtime": ("personalize-runtime", None),
    "personalize-events": ("personalize-events", None),
    "states": ("stepfunctions", None),
    "scheduler": ("scheduler", None),
    "sts": ("sts", None),
    "s3": ("s3", """
        AbortMultipartUpload CompleteMultipartUpload CopyObject CreateBucket CreateMultipartUpload DeleteBucket
        DeleteBucketEncryption DeleteBucketLifecycle DeleteBucketPolicy DeleteBucketTagging DeleteObject
        DeleteObjectTagging DeleteObjects DeletePublicAccessBlock GetBucketEncryption GetBucketLifecycleConfiguration
        GetBucketLocation GetBucketNotificationConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketTagging
        GetBucketVersioning GetObject GetObjectAttributes GetObjectTagging GetPublicAccessBlock HeadBucket HeadObject
        ListBuckets ListMultipartUploads ListObjectVersions ListObjects ListObjectsV2 ListParts PutBucketEncryption
        PutBucketLifecycleConfiguration PutBucketNotificationConfiguration PutBucketOwnershipControls PutBucketPolicy
        PutBucketTagging PutBucketVersioning PutObject PutObjectTagging PutPublicAccessBlock UploadPart UploadPartCopy
    """),
    "events": ("events", """
        CreateEventBus DeleteEventBus DeleteRule DescribeEventBus DescribeRule DisableRule EnableRule ListEventBuses
        ListRuleNamesByTarget ListRules ListTagsForResource ListTargetsByRule PutEvents PutRule PutTargets RemoveTargets
        TagResource TestEventPattern UntagResource
    """),
    "lambda": ("lambda", """
        AddPermission CreateFunction DeleteFunction DeleteFunctionConcurrency GetAccountSettings GetFunction
        GetFunctionConcurrency GetFunctionConfiguration GetPolicy Invoke ListFunctions ListTags ListVersionsByFunction
        PublishVersion PutFunctionConcurrency RemovePermission TagResource UntagResource UpdateFunctionCode
        UpdateFunctionConfiguration
    """),
    "sns": ("sns", """
        AddPermission ConfirmSubscription CreateTopic DeleteTopic GetSubscriptionAttributes GetTopicAttributes
        ListSubscriptions ListSubscriptionsByTopic ListTagsForResource ListTopics Publish PublishBatch RemovePermission
        SetSubscriptionAttributes SetTopicAttributes Subscribe TagResource Unsubscribe UntagResource
    """),
    "monitoring": ("cloudwatch", """
        DeleteAlarms DeleteDashboards DescribeAlarmHistory DescribeAlarms DescribeAlarmsForMetric DisableAlarmActions
        EnableAlarmActions GetDashboard GetMetricData GetMetricStatistics ListDashboards ListMetrics ListTagsForResource
        PutCompositeAlarm PutDashboard PutMetricAlarm PutMetricData SetAlarmState TagResource UntagResource
    """),
    "logs": ("logs", """
        CreateLogGroup CreateLogStream DeleteLogGroup DeleteLogStream DeleteRetentionPolicy DescribeLogGroups
        DescribeLogStreams FilterLogEvents GetLogEvents ListTagsForResource PutLogEvents PutRetentionPolicy TagResource
        UntagResource
    """),
    "iam": ("iam", """
        AttachRolePolicy CreatePolicy CreateRole DeletePolicy DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy
        DetachRolePolicy GetPolicy GetPolicyVersion GetRole GetRolePolicy ListAttachedRolePolicies ListEntitiesForPolicy
        ListInstanceProfilesForRole ListPolicies ListPolicyVersions ListRolePolicies ListRoleTags ListRoles
        PutRolePermissionsBoundary PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole
    """),
    "glue": ("glue", """
        BatchGetDataQualityResult BatchStopJobRun CancelDataQualityRulesetEvaluationRun CreateDataQualityRuleset
        CreateDatabase CreateJob CreateTable DeleteDataQualityRuleset DeleteDatabase DeleteJob DeleteTable
        GetDataQualityResult GetDataQualityRuleset GetDataQualityRulesetEvaluationRun GetDatabase GetDatabases GetJob
        GetJobRun GetJobRuns GetJobs GetTable GetTables ListDataQualityResults ListDataQualityRulesetEvaluationRuns
        ListDataQualityRulesets ListJobs StartDataQualityRulesetEvaluationRun StartJobRun UpdateDataQualityRuleset
        UpdateJob UpdateTable
    """),
}

# Members left out with all that only they reach: Glue Studio's visual nodes are 400 shapes that no job here uses.
DROPPED_MEMBERS = {"glue": {"CodeGenConfigurationNodes"}}

METADATA = ("protocol", "protocols", "jsonVersion", "targetPrefix", "apiVersion", "serviceId", "serviceFullName",
            "signingName", "endpointPrefix", "xmlNamespace")
SHAPE = ("type", "required", "enum", "min", "max", "pattern", "payload", "flattened", "locationName", "timestampFormat",
         "exception", "error", "fault", "union", "streaming", "eventstream", "document")
MEMBER = ("shape", "location", "locationName", "flattened", "timestampFormat", "streaming", "jsonvalue",
          "idempotencyToken", "hostLabel")


def picked(source, keys):
    return {key: source[key] for key in keys if source.get(key) is not None and source[key] is not False}


def reduced_shape(shape, dropped):
    result = picked(shape, SHAPE)
    if result.get("required") == []:
        del result["required"]
    if "members" in shape:
        result["members"] = {n: picked(m, MEMBER) for n, m in shape["members"].items() if n not in dropped}
    for part in ("member", "key", "value"):
        if part in shape:
            result[part] = picked(shape[part], MEMBER)
    return result


def reached(shapes, roots, dropped):
    """Names of all shapes that the roots lead to."""
    found, waiting = set(), list(roots)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        shape = shapes[name]
        parts = [m for n, m in shape.get("members", {}).items() if n not in dropped]
        parts += [shape[part] for part in ("member", "key", "value") if part in shape]
        waiting += [part["shape"] for part in parts]
    return found


def reduced_operation(operation):
    result = {part: operation[part]["shape"] for part in ("input", "output") if part in operation}
    # The query protocol wraps its answer in an element that only the operation names.
    if "resultWrapper" in operation.get("output", {}):
        result["resultWrapper"] = operation["output"]["resultWrapper"]
    result["errors"] = [error["shape"] for error in operation.get("errors", [])]
    result["http"] = picked(operation["http"], ("method", "requestUri", "responseCode"))
    return result


def reduced_model(service, model, kept):
    dropped = DROPPED_MEMBERS.get(service, set())
    names = sorted(model["operations"]) if kept is None else sorted(kept.split())
    operations = {name: reduced_operation(model["operations"][name]) for name in names}
    roots = {o[part] for o in operations.values() for part in ("input", "output") if part in o}
    roots |= {name for name, shape in model["shapes"].items() if shape.get("exception")}
    shapes = {name: reduced_shape(model["shapes"][name], dropped) for name in sorted(reached(model["shapes"], roots, dropped))}
    return picked(model["metadata"], METADATA), operations, shapes


def lines_of(table):
    return ",\n".join(f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}" for name, value in table.items())


def main():
    for service, (name, kept) in SERVICES.items():
        metadata, operations, shapes = reduced_model(service, Loader().load_service_model(name, "service-2"), kept)
        text = (
            f'{{"service":{json.dumps(service)},"source":"botocore {botocore.__version__}, Apache-2.0, see NOTICE",\n'
            f'"metadata":{json.dumps(metadata, separators=(",", ":"))},\n'
            f'"operations":{{\n{lines_of(operations)}\n}},\n"shapes":{{\n{lines_of(shapes)}\n}}}}\n'
        )
        target = Path(__file__).parent / f"{service}.json"
        target.write_text(text)
        print(f"{target.name}: {len(operations)} operations, {len(shapes)} shapes, {len(text) // 1024} kB")


if __name__ == "__main__":
    main()
