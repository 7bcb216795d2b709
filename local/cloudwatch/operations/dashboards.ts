/** PutDashboard, GetDashboard, ListDashboards and DeleteDashboards. */
import type {
  DeleteDashboardsCommandInput,
  GetDashboardCommandInput,
  GetDashboardCommandOutput,
  ListDashboardsCommandInput,
  ListDashboardsCommandOutput,
  PutDashboardCommandInput,
  PutDashboardCommandOutput,
} from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { page } from "../../cloud/ports/page.ts";
import { type Answer, type CloudWatch, type Dashboard, dashboardArn } from "../alarms-and-dashboards.ts";

export async function putDashboard(
  { dashboards, deps }: CloudWatch,
  { DashboardName: name = "", DashboardBody: body = "" }: PutDashboardCommandInput,
): Promise<Answer<PutDashboardCommandOutput>> {
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
    throw invalid(`The value ${name} for field DashboardName contains invalid characters.`);
  }
  try {
    JSON.parse(body);
  } catch (error) {
    throw invalid(`The field DashboardBody must be a valid JSON object: ${(error as Error).message}`, error);
  }
  dashboards.put(name, { name, body, modifiedAt: deps.clock.now() });
  await deps.store.commit();
  return { DashboardValidationMessages: [] };
}

export function getDashboard(
  cloudWatch: CloudWatch,
  { DashboardName: name = "" }: GetDashboardCommandInput,
): Answer<GetDashboardCommandOutput> {
  const { body } = dashboardOf(cloudWatch, name);
  return { DashboardArn: dashboardArn(cloudWatch, name), DashboardBody: body, DashboardName: name };
}

export function listDashboards(
  cloudWatch: CloudWatch,
  input: ListDashboardsCommandInput,
): Answer<ListDashboardsCommandOutput> {
  const prefix = input.DashboardNamePrefix ?? "";
  const wanted = [...cloudWatch.dashboards.values()].filter(({ name }) => name.startsWith(prefix));
  const { items, next } = page(wanted, input.NextToken, undefined, 1_000);
  return {
    DashboardEntries: items.map(({ name, body, modifiedAt }) => ({
      DashboardName: name,
      DashboardArn: dashboardArn(cloudWatch, name),
      LastModified: new Date(modifiedAt),
      Size: Buffer.byteLength(body),
    })),
    NextToken: next,
  };
}

export async function deleteDashboards(cloudWatch: CloudWatch, input: DeleteDashboardsCommandInput): Promise<void> {
  const names = input.DashboardNames ?? [];
  for (const name of names) dashboardOf(cloudWatch, name);
  for (const name of names) cloudWatch.dashboards.delete(name);
  await cloudWatch.deps.store.commit();
}

function dashboardOf({ dashboards }: CloudWatch, name: string): Dashboard {
  const found = dashboards.get(name);
  if (found) return found;
  throw new AwsError("DashboardNotFoundError", `Dashboard ${name} does not exist`, { status: 404 });
}

function invalid(message: string, cause?: unknown): AwsError {
  return new AwsError("InvalidParameterInput", message, { cause });
}
