/** MovieLens-small where it lies beside the project: every rating an interaction, a film's genres and year its metadata. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../local/cloud/project-root.ts";
import type { LoadedData } from "../../local/personalize/data/training-data.ts";
import { columnsOf } from "./columns.ts";
import type { Facts } from "./columns.ts";

export const movieLensFolder = (): string => join(projectRoot(), "../shared/data/movielens-small");

export const hasMovieLens = (): boolean => existsSync(join(movieLensFolder(), "ratings.csv"));

export interface Rating {
  readonly user: string;
  readonly item: string;
  readonly rating: number;
  /** Epoch seconds. */
  readonly timestamp: number;
}

const linesOf = (file: string) => readFileSync(file, "utf8").trim().split(/\r?\n/).slice(1);

/** In the order of the file: by user, then by film. */
export function readRatings(folder: string): Rating[] {
  return linesOf(join(folder, "ratings.csv")).map((line) => {
    const [user = "", item = "", rating, timestamp] = line.split(",");
    return { user, item, rating: Number(rating), timestamp: Number(timestamp) };
  });
}

/** GENRES `A|B` and YEAR (NaN where the title names none) by film id. */
export function readFilms(folder: string): Map<string, Facts> {
  return new Map(
    linesOf(join(folder, "movies.csv")).map((line) => {
      const id = line.slice(0, line.indexOf(","));
      const genres = line.slice(line.lastIndexOf(",") + 1);
      const year = /\((\d{4})\)"?,[^,]*$/.exec(line)?.[1];
      return [id, { GENRES: genres === "(no genres listed)" ? "" : genres, YEAR: Number(year ?? NaN) }];
    }),
  );
}

export function movieLensSmall(folder = movieLensFolder()): LoadedData {
  const events = readRatings(folder).map((rating) => ({ ...rating, eventType: "" }));
  return columnsOf(events, { items: readFilms(folder) });
}
