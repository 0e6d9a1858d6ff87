/** Everything of a type, page by page, as the texts that are stored. SPEC CLIN-STAFF-1 CLIN-DIRECTORY-4 */
import {
  disclosedTogether,
  searchResources,
  type Disclosed,
  type Found,
  type QueryParameters,
  type Visit,
} from "../../journal/index.ts";

const PAGE = "1000";

/** The texts of all current resources that the criteria find. */
export async function readAll(
  visit: Visit,
  type: string,
  criteria: QueryParameters = [],
): Promise<Disclosed<readonly string[]>> {
  const pages: Disclosed<Found>[] = [];
  let cursor: string | null = null;
  do {
    const after: QueryParameters = cursor === null ? [] : [["_cursor", cursor]];
    const page: Disclosed<Found> = await searchResources(visit, type, [...criteria, ["_count", PAGE], ...after]);
    pages.push(page);
    cursor = page.value.cursor;
  } while (cursor !== null);
  return disclosedTogether(pages, (found) => found.flatMap(({ rows }) => rows.map(({ content }) => content)));
}
