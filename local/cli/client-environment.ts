/** The line that sends the aws cli and any SDK to an embedded cloud. Pure. */

/** Both names of the region: the aws cli 1 and boto3 read one, the JavaScript SDK the other. Any key will do. */
export const clientEnvironment = (url: string) =>
  `export AWS_ENDPOINT_URL=${url} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any`;
