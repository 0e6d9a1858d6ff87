/** A line as it is being typed, one for each person and patient; it is nobody's ordination. SPEC CLIN-MED-17 */
import { listOf, objectOf } from "../../fhir/index.ts";
import { disclosedTogether, type Disclosed, type Visit } from "../../journal/index.ts";
import { keepDraft, keptJson, ownDraft, type KeptDraft, type SeenDraft } from "../own-draft.ts";
import { textIn } from "../said.ts";
import { ordaining } from "./look.ts";

const DRAFTS = "urn:eira:lakemedel:utkast";
const LINE = "urn:eira:lakemedel:rad";

/** What is typed, and which ordination it is to take the place of, with why. */
export type TypedLine = {
  readonly line: string;
  readonly replaces: string | null;
  readonly why: string;
  readonly isInpatient: boolean;
};
export type LineDraft = TypedLine & Pick<KeptDraft, "id" | "version" | "saved">;

/** The own draft for a patient; null when there is none. Errors: NO_CARE_RELATION, FORBIDDEN. */
export async function lineDraftOf(visit: Visit, patient: string): Promise<Disclosed<LineDraft | null>> {
  return disclosedTogether([await ownDraft(visit, patient, DRAFTS)], ([kept]) => lineIn(kept));
}

/** Keeps what is typed; nothing typed takes it away. Answers what is kept. Errors: FORBIDDEN, and those of `keepDraft`. */
export async function saveLineDraft(
  visit: Visit,
  patient: string,
  { seen, typed }: { readonly seen: SeenDraft; readonly typed: TypedLine },
): Promise<Disclosed<LineDraft | null>> {
  await ordaining(visit, "create");
  const isEmpty = typed.line.trim() === "" && typed.replaces === null;
  const words = isEmpty ? null : { extension: [{ url: LINE, valueString: JSON.stringify(typed) }] };
  return disclosedTogether([await keepDraft(visit, patient, { system: DRAFTS, seen, words })], ([kept]) =>
    lineIn(kept),
  );
}

/** What somebody else has written into it is an empty line. */
function lineIn(kept: KeptDraft | null): LineDraft | null {
  if (kept === null) return null;
  const { resource, ...draft } = kept;
  const extension = listOf(resource["extension"]).map(objectOf).find(({ url }) => url === LINE); // prettier-ignore
  const typed = objectOf(keptJson(textIn(extension?.["valueString"])));
  return {
    ...draft,
    line: textIn(typed["line"]) ?? "",
    replaces: textIn(typed["replaces"]) ?? null,
    why: textIn(typed["why"]) ?? "",
    isInpatient: typed["isInpatient"] === true,
  };
}
