/**
 * What whoever ordains begins with, in one answer: the ordinations that stand with what the checks say of each beside the others, and the
 * own draft.
 *
 * SPEC CLIN-MED-16
 */
import { listOf, objectOf, type JsonObject } from "../../fhir/index.ts";
import { disclosedAfter, requireNeed, type Disclosed, type Look, type Visit } from "../../journal/index.ts";
import { referenceIn, textIn } from "../said.ts";
import { isStandingOrder, recordOf } from "./check.ts";
import { lineDraftOf, type LineDraft } from "./draft.ts";
import type { Finding } from "./finding.ts";
import { KNOWLEDGE } from "./knowledge/index.ts";
import { judge, lookFor, ordaining } from "./look.ts";
import type { Override } from "./override.ts";

export type StandingOrdination = {
  readonly id: string;
  readonly version: number;
  readonly findings: readonly (Finding & { readonly override: Override | null })[];
};
export type OrdainingDesk = {
  readonly standing: readonly StandingOrdination[];
  readonly draft: LineDraft | null;
  readonly knowledge: { readonly name: string; readonly version: string };
};

/** Errors: NO_CARE_RELATION, FORBIDDEN. */
export async function ordainingDesk(visit: Visit, patient: string): Promise<Disclosed<OrdainingDesk>> {
  await ordaining(visit, "search");
  await requireNeed(visit, patient, `Patient/${patient} medication`);
  const draft = await lineDraftOf(visit, patient);
  const look = lookFor(visit);
  const resources = await recordOf(patient, look);
  const orders = resources.filter(isStandingOrder);
  const drugs = await drugsOf(orders, look);
  const { name, version } = KNOWLEDGE.set;
  const standing = orders.map((request) => standingOf(visit, { request, resources, drug: drugs.get(drugIn(request) ?? "") })); // prettier-ignore
  return disclosedAfter(visit, [], { standing, draft: draft.value, knowledge: { name, version } });
}

type Standing = {
  readonly request: JsonObject;
  readonly resources: readonly JsonObject[];
  readonly drug: JsonObject | undefined;
};

function standingOf(visit: Visit, { request, resources, drug }: Standing): StandingOrdination {
  const id = textIn(request["id"]) ?? "";
  const { findings, overrides } = judge(visit, { request, resources, instead: id, drug });
  const told = findings.map((one) => ({ ...one, override: overrides.find(({ key }) => key === one.key) ?? null }));
  return { id, version: Number(objectOf(request["meta"])["versionId"]), findings: told };
}

/** The drugs that orders name as resources of their own, in one search. */
async function drugsOf(orders: readonly JsonObject[], look: Look): Promise<ReadonlyMap<string, JsonObject>> {
  const ids = [...new Set(orders.flatMap((one) => drugIn(one) ?? []))];
  if (ids.length === 0) return new Map();
  const found = await look("Medication", [["_id", ids.join(",")], ["_count", String(ids.length)]]); // prettier-ignore
  return new Map(
    listOf([...found])
      .map(objectOf)
      .map((one) => [textIn(one["id"]) ?? "", one]),
  );
}

function drugIn(order: JsonObject): string | undefined {
  const [type, id] = (referenceIn(order["medicationReference"]) ?? "").split("/");
  return type === "Medication" ? id : undefined;
}
