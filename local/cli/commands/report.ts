/** `outrank report GROUP`: fetches the page of a group, or of one of its runs, out of the bucket. */
import { GetObjectCommand, NoSuchKey } from "@aws-sdk/client-s3";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { groupPageKey, runPageKey } from "../../../pipeline/naming/bucket-layout.ts";
import { type Command, CommandFailure, UsageError } from "../command.ts";
import { connect, type Connection, endpointOption } from "../connection.ts";
import { findRun } from "../find-run.ts";

export const report: Command = {
  summary: "fetch the HTML page of a group's runs, or of one run",
  positionals: [{ name: "GROUP", help: "the dataset group" }],
  options: {
    run: { type: "string", value: "RUN", help: "one run: an id from `outrank runs`, its last letters, or `last`" },
    out: { type: "string", value: "FILE", help: "where to write it; - for standard output (default: its own name)" },
    ...endpointOption,
  },
  async run(args, io) {
    const connection = await connect(args, io);
    try {
      const group = knownGroup(connection, args.positionals[0] ?? "");
      const wanted = args.text("run");
      const runId = wanted === undefined ? null : await runOf(connection, group, wanted);
      const page = await pageAt(connection, runId === null ? groupPageKey(group) : runPageKey(group, runId));
      const out = args.text("out") ?? `outrank-${group}${runId === null ? "" : `-${runId}`}.html`;
      if (out === "-") io.out(page);
      else {
        await writeFile(resolve(io.cwd, out), page);
        io.out(`Wrote ${out}. Open it in a browser.`);
      }
      return 0;
    } finally {
      connection.close();
    }
  },
};

function knownGroup({ deployed }: Connection, wanted: string): string {
  const names = deployed.groups.map(({ name }) => name);
  if (names.includes(wanted)) return wanted;
  throw new UsageError(`There is no group "${wanted}". There are: ${names.join(", ")}`);
}

/** Among the runs of this group. */
async function runOf({ s3, deployed }: Connection, group: string, wanted: string): Promise<string> {
  const groups = deployed.groups.filter(({ name }) => name === group);
  return (await findRun({ s3, deployed: { ...deployed, groups } }, wanted)).runId;
}

async function pageAt({ s3, deployed }: Connection, key: string): Promise<string> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: deployed.bucket, Key: key }));
    return (await Body?.transformToString()) ?? "";
  } catch (error) {
    if (!(error instanceof NoSuchKey)) throw error;
    throw new CommandFailure(
      `There is no s3://${deployed.bucket}/${key}: no run has finished yet, or it was one of an older version`,
      { cause: error },
    );
  }
}
