/**
 * What the mapping must know of the record before it can decide, read through the journal's door in one search for each way of naming
 * an order. SPEC EXCH-MAP-FACTS
 */
import type { JsonObject } from "../../fhir/index.ts";
import { ownersOf, type Owner, type QueryParameters, type Visit } from "../../journal/index.ts";
import { escaped, find } from "./find.ts";
import { nameText, type AssignedNumber, type Named } from "./identifiers.ts";
import { idOf, nameOf, objectsIn, referenceIn } from "./json.ts";
import type { OrderFacts } from "./match.ts";

const ALONG: QueryParameters = [
  ["_include", "ServiceRequest:subject"],
  ["_include", "ServiceRequest:specimen"],
  ["_include:iterate", "Patient:link"],
  ["_revinclude", "DiagnosticReport:based-on"],
  ["_revinclude", "Observation:based-on"],
  ["_revinclude", "Task:focus"],
  ["_count", "200"],
];

const NOBODYS: Owner = { careProvider: null, careUnit: null };

/** The facts of each order that is named, by its name; of one that is not here, that there is none. */
export async function orderFacts(visit: Visit, names: readonly Named[]): Promise<ReadonlyMap<string, OrderFacts>> {
  const found = new Map<string, JsonObject>();
  for (const parameter of wantedOf(names))
    for (const [name, one] of await find(visit, "ServiceRequest", [parameter, ...ALONG])) found.set(name, one);
  const orders = [...found.values()].filter((one) => one["resourceType"] === "ServiceRequest");
  const owners = await ownersOf(
    visit,
    "ServiceRequest",
    orders.map((one) => idOf(one)),
  );
  const patients = [...found.values()].filter((one) => one["resourceType"] === "Patient");
  const named = ordersByName(orders);
  return new Map(names.map((name) => [nameText(name), factsOf(named(name), { found, patients, owners })]));
}

function wantedOf(names: readonly Named[]): QueryParameters {
  const own = names.flatMap((one) => ("own" in one && /^[A-Za-z0-9\-.]{1,64}$/.test(one.own) ? [one.own] : []));
  const others = names.flatMap((one) => ("own" in one ? [] : [`${escaped(one.system)}|${escaped(one.value)}`]));
  const wanted: [string, string][] = [];
  if (own.length > 0) wanted.push(["_id", [...new Set(own)].join(",")]);
  if (others.length > 0) wanted.push(["identifier", [...new Set(others)].join(",")]);
  return wanted;
}

/** The one order of a name; two with the same number are none. */
function ordersByName(orders: readonly JsonObject[]): (name: Named) => JsonObject | undefined {
  const byId = new Map(orders.map((one) => [idOf(one), one]));
  return (name) => {
    if ("own" in name) return byId.get(name.own);
    const some = orders.filter((one) => hasNumber(one, name));
    return some.length === 1 ? some[0] : undefined;
  };
}

function hasNumber(resource: JsonObject, { system, value }: AssignedNumber): boolean {
  return objectsIn(resource["identifier"]).some((one) => one["system"] === system && one["value"] === value);
}

/** What was found for all orders that are asked about. */
type FoundForAll = {
  readonly found: ReadonlyMap<string, JsonObject>;
  readonly patients: readonly JsonObject[];
  readonly owners: ReadonlyMap<string, Owner>;
};

function factsOf(order: JsonObject | undefined, { found, patients, owners }: FoundForAll): OrderFacts {
  const subject = found.get(referenceIn(order?.["subject"]) ?? "");
  const specimens = objectsIn(order?.["specimen"]).map((one) => found.get(referenceIn(one) ?? ""));
  return {
    order,
    patients: subject === undefined ? [] : [subject, ...linkedTo(subject, patients)],
    specimens: specimens.filter((one) => one !== undefined),
    others: order === undefined ? new Map() : found,
    owner: owners.get(idOf(order)) ?? NOBODYS,
  };
}

/** Who has been joined with the patient: the same person under another number. */
function linkedTo(patient: JsonObject, patients: readonly JsonObject[]): readonly JsonObject[] {
  const own = nameOf(patient);
  const isLinked = (one: JsonObject, to: string): boolean =>
    objectsIn(one["link"]).some(
      ({ type, other }) => (type === "replaces" || type === "replaced-by") && referenceIn(other) === to,
    );
  const mayBe = (one: JsonObject): boolean => one["link"] !== undefined || patient["link"] !== undefined;
  return patients.filter(
    (one) => mayBe(one) && nameOf(one) !== own && (isLinked(patient, nameOf(one)) || isLinked(one, own)),
  );
}
