/**
 * MovieLens-small as the service's own demonstration made it (reference, section 6.4): a `click` for every rating above 1 and a
 * `watch` for every rating above 3, both at the rating's time. Of the file's 100,836 ratings that gives 158,371 events.
 */
import type { LoadedData } from "../../local/personalize/data/training-data.ts";
import { columnsOf } from "./columns.ts";
import type { Event } from "./columns.ts";
import { movieLensFolder, readFilms, readRatings } from "./movielens.ts";
import type { Rating } from "./movielens.ts";

/** Of one rating the click comes before the watch: the order in which both would happen. */
export function clicksAndWatches(ratings: readonly Rating[]): Event[] {
  return ratings.flatMap(({ user, item, rating, timestamp }) => {
    const event = (eventType: string) => ({ user, item, timestamp, eventType });
    return [...(rating > 1 ? [event("click")] : []), ...(rating > 3 ? [event("watch")] : [])];
  });
}

export function clickWatch(folder = movieLensFolder()): LoadedData {
  return columnsOf(clicksAndWatches(readRatings(folder)), { items: readFilms(folder) });
}
