/** `GET /groups/{group}/runs/{id}`: the run's record, once it has ended. */
import { recordKey } from "../../pipeline/naming/bucket-layout.ts";
import type { Bucket } from "../lib/bucket.ts";
import { answering, HttpProblem, json } from "../lib/http.ts";

export interface ShowARunDeps {
  readonly bucket: Pick<Bucket, "read">;
  readonly group: string;
}

const runId = /^\d{8}T\d{6}-[0-9a-f]{8}$/;

export const makeHandler = ({ bucket, group }: ShowARunDeps) =>
  answering(async ({ pathParameters: { id = "" } }) => {
    if (!runId.test(id)) {
      throw new HttpProblem(400, "InvalidInput", `"${id}" is no run id; one looks like 20261124T030000-1a2b3c4d`);
    }
    const found = await bucket.read(recordKey(group, id));
    if (found !== null) return json(200, found.value);
    throw new HttpProblem(
      404,
      "NotFound",
      `There is no record of run ${id} in group ${group}; it may not have ended yet`,
    );
  });
