"""What the programs beside this file share: clients, waiting, and films with a known structure. Nothing here knows where AWS is."""

import csv
import io
import json
import os
import random
import time

import boto3
from botocore.exceptions import ClientError

POLL_SECONDS = float(os.environ.get("POLL_SECONDS", "60"))
PATIENCE_SECONDS = float(os.environ.get("PATIENCE_SECONDS", "10800"))

personalize = boto3.client("personalize")
runtime = boto3.client("personalize-runtime")
events = boto3.client("personalize-events")
s3 = boto3.client("s3")
iam = boto3.client("iam")
sts = boto3.client("sts")

GENRES = ["Action", "Comedy", "Drama", "Horror"]


def wait_for(describe, key, wanted=("ACTIVE",), **arguments):
    """Polls a Describe until its status is wanted; a failed one stops the program with the service's reason."""
    end = time.time() + PATIENCE_SECONDS
    while time.time() < end:
        resource = describe(**arguments)[key]
        if resource["status"] in wanted:
            return resource
        if "FAILED" in resource["status"]:
            raise SystemExit(f"{arguments}: {resource['status']}: {resource.get('failureReason')}")
        time.sleep(POLL_SECONDS)
    raise SystemExit(f"{arguments} is not ready")


def wait_until_gone(describe, **arguments):
    end = time.time() + PATIENCE_SECONDS
    while time.time() < end:
        try:
            describe(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return
            raise
        time.sleep(POLL_SECONDS)
    raise SystemExit(f"{arguments} is still there")


def again_while_in_use(call, **arguments):
    """Deletions are refused while something is still going away."""
    end = time.time() + PATIENCE_SECONDS
    while True:
        try:
            return call(**arguments)
        except personalize.exceptions.ResourceInUseException:
            if time.time() > end:
                raise
            time.sleep(POLL_SECONDS)


def interactions_csv(users=120, films=40, each=18, seed=7):
    """Users who prefer the films of their own genre: USER_ID, ITEM_ID, EVENT_TYPE, EVENT_VALUE, TIMESTAMP."""
    chance = random.Random(seed)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["USER_ID", "ITEM_ID", "EVENT_TYPE", "EVENT_VALUE", "TIMESTAMP"])
    for user in range(1, users + 1):
        start = 1_760_000_000 + user * 3000
        for step in range(each):
            own = [film for film in range(1, films + 1) if film % len(GENRES) == user % len(GENRES)]
            film = chance.choice(own if chance.random() < 0.8 else range(1, films + 1))
            value = float(chance.randint(1, 10)) / 2
            rows.writerow([user, film, "watch" if value > 1.5 else "click", value, start + step * 60])
    return text.getvalue()


def items_csv(films=40):
    """As pandas writes it: quotes only where they are needed, doubled inside."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["ITEM_ID", "GENRES", "YEAR", "TITLE", "CREATION_TIMESTAMP"])
    for film in range(1, films + 1):
        genres = "|".join([GENRES[film % len(GENRES)]] + (["Classic"] if film % 5 == 0 else []))
        title = f'The "Great" Film, part {film}' if film % 3 == 0 else f"Film {film}"
        rows.writerow([film, genres, 1980 + film, title, 1_700_000_000 + film])
    return text.getvalue()


def schema(name, *fields):
    return json.dumps(
        {
            "type": "record",
            "name": name,
            "namespace": "com.amazonaws.personalize.schema",
            "fields": list(fields),
            "version": "1.0",
        }
    )


INTERACTIONS_SCHEMA = schema(
    "Interactions",
    {"name": "USER_ID", "type": "string"},
    {"name": "ITEM_ID", "type": "string"},
    {"name": "EVENT_TYPE", "type": "string"},
    {"name": "EVENT_VALUE", "type": ["null", "float"]},
    {"name": "TIMESTAMP", "type": "long"},
)

ITEMS_SCHEMA = schema(
    "Items",
    {"name": "ITEM_ID", "type": "string"},
    {"name": "GENRES", "type": ["null", "string"], "categorical": True},
    {"name": "YEAR", "type": "int"},
    {"name": "TITLE", "type": ["null", "string"]},
    {"name": "CREATION_TIMESTAMP", "type": "long"},
)


def make_bucket(name):
    """A bucket that lets Personalize in, as the notebooks make it."""
    region = boto3.session.Session().region_name
    if region in (None, "us-east-1"):
        s3.create_bucket(Bucket=name)
    else:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    policy = {
        "Version": "2012-10-17",
        "Id": "PersonalizeAccess",
        "Statement": [
            {
                "Sid": "PersonalizeAccess",
                "Effect": "Allow",
                "Principal": {"Service": "personalize.amazonaws.com"},
                "Action": ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
                "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
            }
        ],
    }
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))


TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "personalize.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def make_role(name):
    """A role that Personalize may assume, with two policies of AWS's own."""
    try:
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    except iam.exceptions.EntityAlreadyExistsException:
        role = iam.get_role(RoleName=name)["Role"]
    for policy in ("service-role/AmazonPersonalizeFullAccess", "AmazonS3FullAccess"):
        iam.attach_role_policy(RoleName=name, PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
    time.sleep(POLL_SECONDS)  # new roles take a while to be known everywhere
    return role["Arn"]


def remove_role(name):
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


def empty_bucket(name):
    bucket = boto3.resource("s3").Bucket(name)
    bucket.objects.all().delete()
    bucket.delete()
