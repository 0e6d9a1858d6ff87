/**
 * The templates of the reader's unit. Whoever works there proposes; another person there takes it into use or refuses it. Every version is
 * kept, and letters name the one that they were made with.
 *
 * SPEC CLIN-LETTER-2 · F7, F23
 */
import { reachSetting, type PersonActor } from "../../access/index.ts";
import { newId } from "../../base/index.ts";
import { fhirError, fhirErrorAt } from "../../fhir/index.ts";
import { authorize, disclosedAfter, refuseVisit, type Disclosed, type Visit } from "../../journal/index.ts";
import type { StoredTemplate } from "../../store/index.ts";
import { LETTER_KINDS, refuseBadTemplate, type LetterKind } from "./compose.ts";

export type Template = Omit<StoredTemplate, "careUnit"> & { readonly isOwn: boolean };
export type TemplateWish = {
  /** The template that it is a new version of; null is a new one. */
  readonly id: string | null;
  readonly kind: string;
  readonly title: string;
  readonly words: string;
};

/** All versions of the unit's templates, the newest first. Errors: FORBIDDEN. */
export async function letterTemplates(visit: Visit): Promise<Disclosed<readonly Template[]>> {
  const { person, reach } = await staff(visit, "search");
  const rows = await visit.store.read(reach, (look) => look.letters.templatesOf(person.assignment.unitHsaId));
  return disclosedAfter(
    visit,
    [],
    rows.map(({ careUnit: _unit, ...one }) => ({ ...one, isOwn: one.proposedBy === person.hsaId })),
  );
}

/** Proposes a template or a new version of one. Errors: LETTER_INVALID, FORBIDDEN. */
export async function proposeTemplate(visit: Visit, wish: TemplateWish): Promise<Disclosed<readonly Template[]>> {
  const { person, reach } = await staff(visit, "update");
  const kind = kindIn(wish.kind);
  refuseBadTemplate(wish);
  const at = visit.clock().getTime();
  const id = wish.id ?? newId(0, at, visit.random(10));
  const { title, words } = wish;
  const one = { id, careUnit: person.assignment.unitHsaId, kind, title, words };
  const isDone = await visit.store.write(reach, (tx) => tx.letters.propose(one, { at, by: person.hsaId }));
  if (!isDone) throw fhirErrorAt("LETTER_INVALID", "id", { sv: "ett förslag väntar redan på granskning", en: "a proposal waits already" }); // prettier-ignore
  return letterTemplates(visit);
}

/** Takes a proposal of a colleague into use, or refuses it. Errors: NOT_FOUND (also of one's own), FORBIDDEN. */
export async function reviewTemplate(
  visit: Visit,
  { id, version, approve }: { readonly id: string; readonly version: number; readonly approve: boolean },
): Promise<Disclosed<readonly Template[]>> {
  const { person, reach } = await staff(visit, "update");
  const which = { id, version, careUnit: person.assignment.unitHsaId };
  const state = approve ? "current" : "refused";
  const at = visit.clock().getTime();
  if (!(await visit.store.write(reach, (tx) => tx.letters.review(which, { at, by: person.hsaId, state }))))
    throw fhirError("NOT_FOUND");
  return letterTemplates(visit);
}

/** Errors: LETTER_INVALID. */
export function kindIn(text: string): LetterKind {
  const kind = LETTER_KINDS.find((one) => one === text);
  if (kind === undefined) throw fhirErrorAt("LETTER_INVALID", "kind", LETTER_KINDS.join(", "));
  return kind;
}

/** Staff of care who are no students: they write letters, and what letters are made of. Errors: FORBIDDEN. */
export async function staff(
  visit: Visit,
  interaction: "search" | "update",
): Promise<{ readonly person: PersonActor; readonly reach: ReturnType<typeof reachSetting> }> {
  const { actor } = visit;
  if (actor.kind !== "person" || actor.app !== undefined)
    return refuseVisit(visit, "letters", "Brev skrivs av personal med medarbetaruppdrag, i Eira.");
  if (interaction === "update" && actor.assignment.footing?.kind === "student")
    return refuseVisit(visit, "letters", "Brev skickas inte av en student.");
  const grounds = await authorize(visit, "search", "Communication", "letters");
  return { person: actor, reach: reachSetting(grounds.reach) };
}
