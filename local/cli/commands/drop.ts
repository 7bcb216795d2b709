/** `outrank drop DIR`: uploads a folder's files as a user would; the upload itself starts the run. */
import { join, resolve } from "node:path";
import { tmpdir } from "node:os";
import { mkdtemp, rm } from "node:fs/promises";
import type { Command } from "../command.ts";
import { chosenGroup, connect, endpointOption, groupOption } from "../connection.ts";
import { assertHasData, readDataFolder } from "../data/dataset-files.ts";
import { upload } from "../data/upload.ts";

export const drop: Command = {
  summary: "upload a folder of CSV files into the bucket, which starts a run",
  positionals: [
    {
      name: "DIR",
      help: "folder with interactions*.csv, users*.csv, items*.csv (or MovieLens ratings.csv, movies.csv)",
    },
  ],
  options: { ...groupOption, ...endpointOption },
  async run(args, io) {
    const directory = resolve(io.cwd, args.positionals[0] ?? "");
    assertHasData(directory);
    const connection = await connect(args, io);
    const group = chosenGroup(connection, args);
    const scratch = await mkdtemp(join(tmpdir(), "outrank-drop-"));
    try {
      const data = await readDataFolder(directory, scratch);
      const destination = { s3: connection.s3, bucket: connection.deployed.bucket, group: group.name };
      for (const file of data.files) {
        const key = await upload(destination, file, io.stop);
        io.out(`uploaded s3://${destination.bucket}/${key}`);
      }
      io.out("A run starts once the uploads have settled. Watch: npx outrank runs");
      return 0;
    } finally {
      await rm(scratch, { recursive: true, force: true });
      connection.close();
    }
  },
};
