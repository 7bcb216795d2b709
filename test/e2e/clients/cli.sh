#!/bin/sh
# The aws cli alone, step by step: data to S3, a role, a dataset group, a trained solution, a campaign, recommendations.
set -e
name="cli-$$"
account=$(aws sts get-caller-identity --query Account --output text)
arn() { echo "arn:aws:personalize:us-east-1:$account:$1"; }
until_active() { # describe-operation, option, arn, key
  for _ in $(seq 600); do
    status=$(aws personalize "$1" "$2" "$3" --query "$4.status" --output text)
    case "$status" in
      ACTIVE) return 0 ;;
      *FAILED*) echo "$3: $status" >&2; return 1 ;;
    esac
    sleep "${POLL_SECONDS:-60}"
  done
  return 1
}

aws s3 mb "s3://personalize-$name" >/dev/null
aws s3 cp "$DATA/interactions.csv" "s3://personalize-$name/data/interactions.csv" >/dev/null
aws s3api put-bucket-policy --bucket "personalize-$name" --policy "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"personalize.amazonaws.com\"},\"Action\":\"s3:*\",\"Resource\":[\"arn:aws:s3:::personalize-$name\",\"arn:aws:s3:::personalize-$name/*\"]}]}"
role=$(aws iam create-role --role-name "$name" --query Role.Arn --output text --assume-role-policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"personalize.amazonaws.com"},"Action":"sts:AssumeRole"}]}')
aws iam attach-role-policy --role-name "$name" --policy-arn arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess

aws personalize create-schema --name "$name" --schema "file://$DATA/schema.json" >/dev/null
aws personalize create-dataset-group --name "$name" >/dev/null
until_active describe-dataset-group --dataset-group-arn "$(arn "dataset-group/$name")" datasetGroup
aws personalize create-dataset --name "$name" --dataset-type Interactions --dataset-group-arn "$(arn "dataset-group/$name")" --schema-arn "$(arn "schema/$name")" >/dev/null
until_active describe-dataset --dataset-arn "$(arn "dataset/$name/INTERACTIONS")" dataset
aws personalize create-dataset-import-job --job-name "$name" --dataset-arn "$(arn "dataset/$name/INTERACTIONS")" --data-source "dataLocation=s3://personalize-$name/data/" --role-arn "$role" >/dev/null
until_active describe-dataset-import-job --dataset-import-job-arn "$(arn "dataset-import-job/$name")" datasetImportJob
aws personalize create-solution --name "$name" --dataset-group-arn "$(arn "dataset-group/$name")" --recipe-arn arn:aws:personalize:::recipe/aws-popularity-count --no-perform-auto-training >/dev/null
until_active describe-solution --solution-arn "$(arn "solution/$name")" solution
version=$(aws personalize create-solution-version --solution-arn "$(arn "solution/$name")" --query solutionVersionArn --output text)
until_active describe-solution-version --solution-version-arn "$version" solutionVersion
aws personalize create-campaign --name "$name" --solution-version-arn "$version" >/dev/null
until_active describe-campaign --campaign-arn "$(arn "campaign/$name")" campaign
aws personalize create-filter --name "$name" --dataset-group-arn "$(arn "dataset-group/$name")" --filter-expression 'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($EVENTS)' >/dev/null
until_active describe-filter --filter-arn "$(arn "filter/$name")" filter
asked() { aws personalize-runtime get-recommendations --campaign-arn "$(arn "campaign/$name")" --user-id u4 --num-results 3 --query 'length(itemList)' --output text "$@"; }
echo "[$(asked), $(asked --filter-arn "$(arn "filter/$name")" --filter-values EVENTS=bought)]"
