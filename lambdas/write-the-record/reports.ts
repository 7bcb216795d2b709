/**
 * The run's page and the group's page, beside the record. They are for people: the record is what counts, so a page that
 * cannot be written fails nothing, and the notice says so.
 */
import { groupPageKey, historyKey } from "../../pipeline/naming/bucket-layout.ts";
import type { RunRecord } from "../../pipeline/records/run-record.ts";
import { groupPage } from "../../pipeline/report/group-page.ts";
import { History, noHistory, withRun } from "../../pipeline/report/history.ts";
import { runPage } from "../../pipeline/report/run-page.ts";
import type { Bucket } from "../lib/bucket.ts";

export interface ReportsDeps {
  readonly bucket: Pick<Bucket, "read" | "writePage" | "create" | "replace">;
  readonly group: string;
  readonly place: { readonly bucket: string };
}

/** Another run may write at the same moment, one that never got the lease and failed; whoever is second reads again. */
const mostTries = 5;

async function remember({ bucket, group }: ReportsDeps, record: RunRecord): Promise<History> {
  const key = historyKey(group);
  for (let tries = 0; tries < mostTries; tries++) {
    const found = await bucket.read(key);
    const history = withRun(History.safeParse(found?.value).data ?? noHistory, record);
    const isWritten =
      found === null ? await bucket.create(key, history) : await bucket.replace(key, history, found.etag);
    if (isWritten) return history;
  }
  throw new Error(`${key} was changed by others ${mostTries} times in a row`);
}

/** Lines for the notice: where the page is, or why there is none. */
export async function writeReports(
  deps: ReportsDeps,
  record: RunRecord,
  { recordKey, reportKey }: { readonly recordKey: string; readonly reportKey: string },
): Promise<string[]> {
  try {
    await deps.bucket.writePage(reportKey, runPage(record, { bucket: deps.place.bucket, recordKey }));
    await deps.bucket.writePage(groupPageKey(deps.group), groupPage(deps.group, await remember(deps, record)));
    return [`Report: s3://${deps.place.bucket}/${reportKey}`, ""];
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return [`The report could not be written: ${reason}`, ""];
  }
}
