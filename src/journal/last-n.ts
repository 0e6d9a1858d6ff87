/**
 * The last observations of each kind. The criteria are those of a search of Observation and reach no further.
 *
 * SPEC HTTP-LASTN · https://hl7.org/fhir/R4/observation-operation-lastn.html
 */
import { reachSetting } from "../access/index.ts";
import { fhirErrorAt } from "../fhir/index.ts";
import { compileLastN, parseSearch } from "../search/index.ts";
import { authorize } from "./authorize.ts";
import { recordShown, refuseEmptyWithoutNeed } from "./care/grounds.ts";
import { groundText, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { entriesByPatient } from "./hits.ts";
import { predicateFor } from "./predicate.ts";
import { showingFor, shownRow } from "./protected.ts";
import type { QueryParameters } from "./query-text.ts";
import { foundRow, searchRows, type FoundRow } from "./rows.ts";
import { withMeanings } from "./terminology.ts";

const MOST_ROWS = 2000;
/** Whose observations they are: R4 wants it said, and without it the groups would be those of a whole region. */
const OF_WHOM = /^(?:patient|subject)(?::[A-Z][A-Za-z]+|:identifier)?$/;
/** What a search has and this has not: there is one page, in the order of the groups. */
const NOT_HERE = /^(?:_sort|_count|_cursor|_total|_include|_revinclude)(?::|$)/;
const CALLED = "Observation/$lastn";

/** The newest `max` observations of each kind. Errors: SEARCH_*, OPERATION_PARAMETER, FORBIDDEN. */
export async function readLastN(
  visit: Visit,
  parameters: QueryParameters,
  max: number,
): Promise<Disclosed<readonly FoundRow[]>> {
  const strange = parameters.find(([name]) => NOT_HERE.test(name))?.[0];
  if (strange !== undefined) throw fhirErrorAt("SEARCH_PARAM_UNKNOWN", strange, strange, CALLED);
  if (!parameters.some(([name, value]) => OF_WHOM.test(name) && value !== ""))
    throw fhirErrorAt("OPERATION_PARAMETER", "patient", "patient");
  const plan = parseSearch("Observation", parameters, { base: visit.base, now: visit.clock().getTime() });
  const grounds = await authorize(visit, "search", "Observation", CALLED);
  const predicate = predicateFor(visit, grounds);
  const rows = await visit.store.read(reachSetting(grounds.reach), async (look) => {
    const asked = await withMeanings(visit, plan, look);
    const found = searchRows(await look.search(compileLastN(asked, { max, limit: MOST_ROWS + 1 }, predicate)));
    return found.map((row) => foundRow(row, plan, "match"));
  });
  if (rows.length > MOST_ROWS) throw fhirErrorAt("SEARCH_TOO_COSTLY", "max", `> ${MOST_ROWS}`);
  await refuseEmptyWithoutNeed(visit, { plan, rows, asked: CALLED });
  const act = { action: "search", outcome: "granted", ground: groundText(grounds) } as const;
  await recordShown(visit, entriesByPatient(visit, act, rows, [CALLED]));
  const showing = await showingFor(visit);
  return disclose(rows.map((row) => shownRow(row, showing, "chart")));
}
