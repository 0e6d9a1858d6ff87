/**
 * A document: a composition and everything that it and those resources refer to, in the order in which they are named.
 *
 * SPEC HTTP-DOCUMENT · https://hl7.org/fhir/R4/documents.html
 */
import { reachSetting, type AccessPredicate } from "../access/index.ts";
import { fhirErrorAt, isFhirId } from "../fhir/index.ts";
import { compileNamed, linkedNames, type WholeRow } from "../search/index.ts";
import type { CurrentRow, ReadTx, VersionRow } from "../store/index.ts";
import { authorize } from "./authorize.ts";
import { recordShown } from "./care/grounds.ts";
import type { Owner } from "./commands.ts";
import { groundText, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { entriesByPatient } from "./hits.ts";
import { predicateFor } from "./predicate.ts";
import { showingFor, shownRow, type Showing } from "./protected.ts";
import { refuseMissing } from "./read.ts";

const MOST = 1000;
const DEEPEST = 8;

export type DocumentParts = {
  /** The composition first. */
  readonly rows: readonly WholeRow[];
  /** Who owns the composition, and so what is made of it. */
  readonly owner: Owner;
};

/**
 * The parts of a document. What belongs to another patient is taken along where the composition itself names it, not
 * where others do. Errors: NOT_FOUND, GONE, FORBIDDEN, SEARCH_TOO_COSTLY when there would be too many.
 */
export async function readDocument(visit: Visit, id: string): Promise<Disclosed<DocumentParts>> {
  const asked = `Composition/${id}`;
  const grounds = await authorize(visit, "read", "Composition", asked);
  if (!isFhirId(id)) return refuseMissing(visit, "document", asked, undefined);
  const predicate = predicateFor(visit, grounds);
  const showing = await showingFor(visit);
  const found = await visit.store.read(reachSetting(grounds.reach), async (look): Promise<Found | Missing> => {
    const composition = await look.read("Composition", id);
    if (composition === undefined) return { deletion: await look.readLastVersion("Composition", id) };
    return { composition, rows: await partsOf({ look, predicate, showing }, composition) };
  });
  if (!("rows" in found)) return refuseMissing(visit, "document", asked, found.deletion);
  const act = { action: "document", outcome: "granted", ground: groundText(grounds) } as const;
  await recordShown(visit, entriesByPatient(visit, act, found.rows, [asked]));
  const { care_provider: careProvider, care_unit: careUnit } = found.composition;
  return disclose({ rows: found.rows, owner: { careProvider, careUnit } });
}

type Found = { readonly composition: CurrentRow; readonly rows: readonly WholeRow[] };
type Missing = { readonly deletion: VersionRow | undefined };
type Looking = { readonly look: ReadTx; readonly predicate: AccessPredicate; readonly showing: Showing };

/** Step by step outwards, each step one statement. */
async function partsOf({ look, predicate, showing }: Looking, composition: CurrentRow): Promise<WholeRow[]> {
  const rows: WholeRow[] = [shownRow({ ...composition, type: "Composition" }, showing, "chart")];
  const known = new Set([`Composition/${composition.id}`]);
  const own = composition.patient === null ? [] : [composition.patient];
  let newest: readonly WholeRow[] = rows;
  for (let depth = 0; newest.length > 0; depth += 1) {
    const names = [...new Set(newest.flatMap(({ content }) => linkedNames(content)))].filter((one) => !known.has(one));
    const statement = compileNamed(names, depth === 0 ? undefined : own, predicate);
    if (statement === undefined) break;
    if (depth === DEEPEST || known.size + names.length > 3 * MOST) throw tooLarge();
    for (const name of names) known.add(name);
    const parts = (await look.search(statement)) as unknown as readonly WholeRow[];
    const found = parts.map((row) => shownRow(row, showing, "chart"));
    const places = new Map(names.map((name, at) => [name, at]));
    const placeOf = ({ type, id }: WholeRow): number => places.get(`${type}/${id}`) ?? 0;
    newest = found.toSorted((a, b) => placeOf(a) - placeOf(b));
    rows.push(...newest);
    if (rows.length > MOST) throw tooLarge();
  }
  return rows;
}

/** A document that lacks a part would say something else, so it is not cut. */
function tooLarge(): Error {
  return fhirErrorAt("SEARCH_TOO_COSTLY", "Composition", `> ${MOST}`);
}
