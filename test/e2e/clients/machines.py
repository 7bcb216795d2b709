"""What the programs with state machines share: a role for them, and running one to its end."""

import json
import time

from support import ClientError, PATIENCE_SECONDS, POLL_SECONDS, boto3, iam

states = boto3.client("stepfunctions")


def make_states_role(name, actions):
    """A role that Step Functions may assume, with one policy of its own."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    iam.put_role_policy(RoleName=name, PolicyName="work", PolicyDocument=json.dumps(policy))
    time.sleep(POLL_SECONDS)
    return role["Arn"]


def make_machine(name, role_arn, start_at, machine_states, **more):
    definition = {"StartAt": start_at, "States": machine_states, **more}
    return states.create_state_machine(name=name, roleArn=role_arn, definition=json.dumps(definition))["stateMachineArn"]


def run_machine(arn, given):
    """Starts an execution and answers its output; one that does not succeed stops the program."""
    execution = states.start_execution(stateMachineArn=arn, input=json.dumps(given))["executionArn"]
    end = time.time() + PATIENCE_SECONDS
    while time.time() < end:
        found = states.describe_execution(executionArn=execution)
        if found["status"] == "SUCCEEDED":
            return json.loads(found["output"])
        if found["status"] != "RUNNING":
            raise SystemExit(f"{execution}: {found['status']}: {found.get('error')}: {found.get('cause')}")
        time.sleep(POLL_SECONDS)
    raise SystemExit(f"{execution} did not end")


def delete_machine(arn):
    states.delete_state_machine(stateMachineArn=arn)
    end = time.time() + PATIENCE_SECONDS
    while time.time() < end:
        try:
            states.describe_state_machine(stateMachineArn=arn)
        except ClientError as error:
            if error.response["Error"]["Code"] == "StateMachineDoesNotExist":
                return
            raise
        time.sleep(POLL_SECONDS)
    raise SystemExit(f"{arn} is still there")
