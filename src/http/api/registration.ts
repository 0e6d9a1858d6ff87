/**
 * Registering somebody unknown and a newborn, the band on the wrist, and saying that two records are the same person's.
 *
 * SPEC CLIN-REGISTER, CLIN-MERGE-PERSON, CLIN-BAND · F31, F39
 */
import {
  beginBand,
  endBand,
  mergePatients,
  registerChild,
  registerUnknown,
  sameAs,
  unmergePatients,
  type SamePerson,
} from "../../clinical/index.ts";
import { bandZplOf, sendToPrinter } from "../../exchange/index.ts";
import { fhirErrorAt, isFhirId, isJsonObject, parseJson, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { piecesOf } from "../pieces.ts";
import { toldAsOf } from "../reply.ts";
import { pathParameter, route, type Exchange, type Route } from "../route.ts";
import { change } from "./change.ts";

const SEXES = ["female", "male", "unknown"] as const;
const LONGEST = 500;
const pieces = piecesOf("REGISTER_INVALID");
const textIn = (body: JsonObject, name: string): string => pieces.textIn(body, name, LONGEST);
const sexIn = (body: JsonObject): (typeof SEXES)[number] => pieces.oneOf(body, "sex", SEXES);

const same = route({
  method: "GET",
  path: "/api/patients/:id/same-person",
  rule: "person",
  run: async ({ request, reply, visit }) => toldAsOf(reply, visit, told((await sameAs(visit, pathParameter(request, "id"))).value)), // prettier-ignore
});

export const REGISTRATION_ROUTES: readonly Route[] = [
  same,
  change("/api/registrations", async ({ visit }, body) => {
    const age = body["age"] ?? null;
    if (age !== null && typeof age !== "number") throw fhirErrorAt("REGISTER_INVALID", "age", "age");
    const reason = (body["reason"] ?? null) === null ? null : textIn(body, "reason");
    return (await registerUnknown(visit, { key: textIn(body, "key"), sex: sexIn(body), age, reason })).value;
  }),
  change(
    "/api/patients/:id/children",
    async ({ request, visit }, body) =>
    (await registerChild(visit, pathParameter(request, "id"), { key: textIn(body, "key"), sex: sexIn(body) })).value, // prettier-ignore
  ),
  change("/api/patients/:id/band", band),
  change("/api/same-person", async ({ visit }, body) => told((await mergePatients(visit, wishIn(body))).value)),
  change("/api/same-person/part", async ({ visit }, body) => told((await unmergePatients(visit, wishIn(body))).value)),
];

/** The band goes to the printer of the place, else it is shown to be printed by the browser. */
async function band({ request, visit, options }: Exchange<"person">, body: JsonObject): Promise<object> {
  const code = (body["place"] ?? null) === null ? null : textIn(body, "place");
  const { actor } = visit;
  const unit = actor.kind === "person" ? actor.assignment.unitHsaId : "";
  const own = (options.labelPlaces ?? []).filter((one) => one.unit === unit);
  const place = code === null ? undefined : own.find((one) => one.code === code);
  if (code !== null && place === undefined) throw fhirErrorAt("REGISTER_INVALID", "place", "place");
  const printer = place?.printer ?? null;
  const begun = await beginBand(visit, pathParameter(request, "id"), { key: textIn(body, "key"), printer: printer?.title ?? null }); // prettier-ignore
  if (printer === null) return { outcome: "browser", why: null, band: begun.band, printer: null };
  if (!begun.isNew) return { outcome: begun.status === "completed" ? "handed-over" : "unknown", why: null, band: begun.band, printer: printer.title }; // prettier-ignore
  const outcome = await sendToPrinter(printer, bandZplOf(begun.band));
  const why = outcome.kind === "failed" ? outcome.why : null;
  await endBand(visit, begun.task, why);
  return { outcome: outcome.kind, why, band: begun.band, printer: printer.title };
}

function told({ version, others, family }: SamePerson): object {
  const whole = <T extends { readonly patient: string }>(one: T): object => ({ ...one, patient: parseJson(one.patient) as JsonObject }); // prettier-ignore
  return { version, others: others.map(whole), family: family.map(whole) };
}

function wishIn(body: JsonObject): Parameters<typeof mergePatients>[1] {
  const seen = (name: string): { readonly id: string; readonly version: string } => {
    const value: JsonValue = body[name] ?? null;
    const one = isJsonObject(value) ? value : {};
    const id = textIn(one, "id");
    if (!isFhirId(id)) throw fhirErrorAt("REGISTER_INVALID", name, name);
    return { id, version: textIn(one, "version") };
  };
  return { survivor: seen("survivor"), replaced: seen("replaced"), reason: textIn(body, "reason"), key: textIn(body, "key") }; // prettier-ignore
}
