"""What programs with several dataset groups share: waiting for any resource by its kind, and a group with its data imported."""

from support import personalize, s3, wait_for


def ready(noun, arn):
    """Polls until the resource of that kind is ACTIVE; answers its description."""
    member = noun[0].lower() + noun[1:]
    snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in member)
    return wait_for(getattr(personalize, f"describe_{snake}"), member, **{f"{member}Arn": arn})


def imported(job_name, dataset_arn, bucket, key, text, role_arn, **more):
    s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
    job = personalize.create_dataset_import_job(
        jobName=job_name, datasetArn=dataset_arn, roleArn=role_arn, dataSource={"dataLocation": f"s3://{bucket}/{key}"}, **more
    )
    return ready("DatasetImportJob", job["datasetImportJobArn"])


def add_dataset(group_name, group_arn, kind, schema_text, **of_domain):
    schema_arn = personalize.create_schema(name=f"{group_name}-{kind}", schema=schema_text, **of_domain)["schemaArn"]
    made = personalize.create_dataset(name=f"{group_name}-{kind}", datasetType=kind, datasetGroupArn=group_arn, schemaArn=schema_arn)
    return ready("Dataset", made["datasetArn"])["datasetArn"]


def group_with(group_name, bucket, role_arn, datasets, **more):
    """A dataset group with these datasets (type, schema, CSV) imported; answers its ARN."""
    group_arn = ready("DatasetGroup", personalize.create_dataset_group(name=group_name, **more)["datasetGroupArn"])["datasetGroupArn"]
    of_domain = {key: value for key, value in more.items() if key == "domain"}
    for kind, schema_text, csv_text in datasets:
        dataset_arn = add_dataset(group_name, group_arn, kind, schema_text, **of_domain)
        imported(f"{group_name}-{kind}", dataset_arn, bucket, f"{group_name}/{kind}.csv", csv_text, role_arn)
    return group_arn


def trained(name, group_arn, recipe, training=None, **more):
    """A solution with one version trained; answers the version's description."""
    solution_arn = personalize.create_solution(
        name=name, datasetGroupArn=group_arn, recipeArn=f"arn:aws:personalize:::recipe/{recipe}", performAutoTraining=False, **more
    )["solutionArn"]
    ready("Solution", solution_arn)
    version_arn = personalize.create_solution_version(solutionArn=solution_arn, **(training or {}))["solutionVersionArn"]
    return ready("SolutionVersion", version_arn)


def deployed(name, version_arn, **more):
    campaign_arn = personalize.create_campaign(name=name, solutionVersionArn=version_arn, minProvisionedTPS=1, **more)["campaignArn"]
    return ready("Campaign", campaign_arn)["campaignArn"]
