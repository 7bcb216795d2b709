/** `outrank events collect`: the archive of streamed events as one file, to keep or to import again. */
import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { collectRows } from "../../../pipeline/events/collect-rows.ts";
import { archivedEventsPrefix, uploadPrefix } from "../../../pipeline/naming/bucket-layout.ts";
import { type Arguments, type Command, CommandFailure, UsageError } from "../command.ts";
import { chosenGroup, connect, endpointOption, groupOption } from "../connection.ts";

export const events: Command = {
  summary: "collect streamed events from their archive, to import them again",
  positionals: [{ name: "collect", help: "the one thing to do with them" }],
  options: {
    ...groupOption,
    from: { type: "string", value: "DATE", help: "first day of the archive, e.g. 2026-11-01; default: the oldest" },
    to: { type: "string", value: "DATE", help: "last day; default: the newest" },
    out: { type: "string", value: "FILE", help: "where the CSV goes; default: standard output" },
    upload: { type: "boolean", help: "put it beside the history instead, which starts a run" },
    ...endpointOption,
  },
  async run(args, io) {
    if (args.positionals[0] !== "collect") throw new UsageError("outrank events collect is all there is");
    const days = { from: dayOf(args, "from", "0000/00/00"), to: dayOf(args, "to", "9999/99/99") };
    const connection = await connect(args, io);
    try {
      const { s3, deployed } = connection;
      const { name } = chosenGroup(connection, args);
      const files = await readArchive(s3, deployed.bucket, name, days, io.stop, (count) =>
        io.err(`${count} files ...`),
      );
      const collected = collectRows(files);
      if (collected === null) throw new CommandFailure(`There are no archived events of ${name} in these days`);
      const { csv, rows, first, last } = collected;
      const summary = `${rows} events of ${files.length} calls`;
      const out = args.text("out");
      if (args.flag("upload")) {
        const Key = `${uploadPrefix(name, "interactions")}events-${first}-${last}.csv`;
        await s3.send(new PutObjectCommand({ Bucket: deployed.bucket, Key, Body: csv }));
        io.out(`${summary} are at s3://${deployed.bucket}/${Key}; a run begins when the uploads have settled`);
      } else if (out !== undefined) {
        writeFileSync(resolve(io.cwd, out), csv);
        io.out(`${summary} are in ${out}`);
      } else io.out(csv.trimEnd());
      return 0;
    } finally {
      connection.close();
    }
  },
};

/** `2026-11-01` as the archive's folders have it. */
function dayOf(args: Arguments, name: string, otherwise: string): string {
  const text = args.text(name);
  if (text === undefined) return otherwise;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text.replaceAll("-", "/");
  throw new UsageError(`--${name} wants a day such as 2026-11-01, got "${text}"`);
}

async function readArchive(
  s3: S3Client,
  bucket: string,
  group: string,
  { from, to }: { readonly from: string; readonly to: string },
  stop: AbortSignal,
  progress: (count: number) => void,
): Promise<string[]> {
  const prefix = archivedEventsPrefix(group);
  const files: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key = "" } of page.Contents ?? []) {
      stop.throwIfAborted();
      const day = Key.slice(prefix.length, prefix.length + 10);
      if (day < from || day > to) continue;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      files.push((await Body?.transformToString()) ?? "");
      if (files.length % 1000 === 0) progress(files.length);
    }
  }
  return files;
}
