/** Where the AWS console shows what a report speaks of. The embedded cloud has no console: there it has no links. */
import { html, type Markup } from "./markup.ts";

/** The embedded cloud's account; AWS gives this number to nobody. */
const embeddedAccount = "000000000000";

const consoles: Readonly<Record<string, string>> = {
  aws: "console.aws.amazon.com",
  "aws-cn": "console.amazonaws.cn",
  "aws-us-gov": "console.amazonaws-us-gov.com",
};

const placeOf = (arn: string) => {
  const [, partition = "", , region = "", account = ""] = arn.split(":");
  return { host: consoles[partition], region, account };
};

export function executionLink(executionArn: string): Markup {
  const { host, region, account } = placeOf(executionArn);
  if (host === undefined || account === embeddedAccount) return html`<code>${executionArn}</code>`;
  const url = `https://${region}.${host}/states/home?region=${region}#/v2/executions/details/${encodeURI(executionArn)}`;
  return html`<a href="${url}">${executionArn}</a>`;
}

/** @param near any ARN of the same account. */
export function objectLink(bucket: string, key: string, near: string): Markup {
  const { host, region, account } = placeOf(near);
  const name = `s3://${bucket}/${key}`;
  if (host === undefined || account === embeddedAccount) return html`<code>${name}</code>`;
  const url = `https://${region}.${host}/s3/object/${encodeURIComponent(bucket)}?region=${region}&prefix=${encodeURIComponent(key)}`;
  return html`<a href="${url}">${name}</a>`;
}
