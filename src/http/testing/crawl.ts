/**
 * Requests for every declared route, so that a route that is added is crawled without being asked for: each address with each
 * kind of name in it, by reading, searching, writing and by errors that are provoked. SPEC HTTP-LEAK
 */
import { CANARIES, canaryPatient, STAFF_CANARY } from "../../journal/testing/index.ts";
import { parametersOf } from "../../search/index.ts";
import type { Method, Route } from "../route.ts";

export type Wish = {
  readonly route: string;
  readonly method: Method;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

const FHIR = "/fhir/R4";
const [FIRST, SECOND] = CANARIES;
if (FIRST === undefined || SECOND === undefined) throw new Error("there are two canaries");
const { id: ONE, mark: MARK, number: NUMBER } = FIRST;
const PATIENT = canaryPatient(FIRST);

/** What stands in an address, by the name that it has there and the path that it stands in. */
function valuesOf(name: string, path: string): readonly string[] {
  switch (name) {
    case "type":
      return ["Patient", "Observation", "RelatedPerson", "Practitioner", "Composition", "Encounter"];
    case "member":
      return ["Observation", "Encounter", "*"];
    case "section":
      return ["timeline", "notes", "results", "contacts", "medication"];
    case "version":
      return ["1", "2"];
    case "id":
      return idsOf(path);
    default:
      return [ONE];
  }
}

const ID_OF: Readonly<Record<string, string>> = {
  Patient: "",
  Observation: "-puls",
  RelatedPerson: "-syster",
  Composition: "-anteckning",
  Encounter: "-besok",
  Group: "-grupp",
};

function idsOf(path: string): readonly string[] {
  if (path.includes("Practitioner/")) return [STAFF_CANARY.id];
  const [, type = ""] = /\/R4\/([A-Z][A-Za-z]+)\//.exec(path) ?? [];
  return CANARIES.map(({ id }) => `${id}${ID_OF[type] ?? ""}`);
}

/** Every address of a route. */
function addressesOf(path: string): readonly string[] {
  const [found, name = ""] = /:([a-zA-Z]+)/.exec(path) ?? [];
  if (found === undefined) return [path];
  return valuesOf(name, path).flatMap((value) => addressesOf(path.replace(found, value)));
}

/** Everything that is asked of a route, reading before writing. */
export function wishesOf({ method, path }: Pick<Route, "method" | "path">): readonly Wish[] {
  const route = `${method} ${path}`;
  const wish = (where: string, more: Partial<Wish> = {}): Wish => ({ route, method, path: where, ...more });
  return addressesOf(path).flatMap((address) => {
    if (method === "GET") return gets(path, address).map((one) => wish(one.path, one));
    if (method === "DELETE") return [wish(`${address}-borta`), wish(`${address}?name=${MARK}namn&_count=0`)];
    return bodiesOf(path, address).map(({ body, headers }) => wish(address, { body, headers }));
  });
}

type Get = { readonly path: string; readonly headers?: Readonly<Record<string, string>> };

function gets(path: string, address: string): readonly Get[] {
  const xml = { path: address, headers: { accept: "application/fhir+xml" } };
  const plain: Get[] = [{ path: address }, ...(address.startsWith(FHIR) ? [xml] : [])];
  const query = (text: string): Get => ({ path: `${address}?${text}` });
  const bad = [query(`${MARK}namn=${NUMBER}`), query("_elements=name,address"), query("_summary=true")];
  const queries = QUERIES[path] ?? [];
  const searches = path === `${FHIR}/:type` ? searchesOf(address) : [];
  return [...plain, ...bad, ...[...queries, ...searches].map(query)];
}

const GRAPHQL = [
  `{Patient(id:"${ONE}"){id name{family} address{city line} telecom{value} contact{name{text}} generalPractitioner{reference display resource{... on Organization{id}}} text{div}}}`,
  `{PatientList(name:"${MARK}namn"){id name{family} address{city}}}`,
  `{PatientList(identifier:"${NUMBER}"){id name{family} birthDate address{city}}}`,
  `{ObservationList(code:"8867-4"){id subject{display reference resource{... on Patient{id name{family} address{city}}}} performer{display}}}`,
  `{PractitionerList(_count:5){id name{text} telecom{value}}}`,
];

/** What some routes are asked besides. */
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  [`${FHIR}/$graphql`]: GRAPHQL.map((query) => `query=${encodeURIComponent(query)}`),
  [`${FHIR}`]: ["_type=Patient,Observation,Practitioner", `_type=Patient&name=${MARK}namn`, `_content=${MARK}gatan`],
  [`${FHIR}/Composition/$document`]: [`id=${ONE}-anteckning`],
  [`${FHIR}/Observation/$lastn`]: [`patient=${ONE}`, `patient.name=${MARK}namn`],
  [`${FHIR}/Patient/:id/$everything`]: ["_count=2", "_type=Patient,RelatedPerson,Practitioner", "_since=2020-01-01"],
  [`${FHIR}/AuditEvent/$access-log`]: [`patient=${ONE}`, `patient=Patient/${ONE}&_count=100`],
  [`${FHIR}/$export`]: ["_type=Patient,Observation"],
  "/api/patients": [
    `q=${MARK}`,
    `q=${MARK}namn`,
    `q=${MARK}gatan`,
    `q=${NUMBER}`,
    `q=${NUMBER.slice(0, 8)}-${NUMBER.slice(8)}`,
    `q=${NUMBER.slice(0, 8)}`,
    `q=070-99${NUMBER.slice(-5)}`,
  ],
  "/api/log-review/extract": [`patient=${ONE}`, `number=${NUMBER}`, `q=${NUMBER}`],
};

/** Searches by every parameter of Patient, and by what leads there from elsewhere. */
function searchesOf(address: string): readonly string[] {
  const type = address.slice(FHIR.length + 1);
  const common = ["_include=*&_revinclude=*", "_sort=-_lastUpdated&_total=accurate", "_contained=both"];
  if (type === "Patient") return [...common, ...ofPatient()];
  const link =
    type === "RelatedPerson" || type === "Practitioner"
      ? []
      : [
          ...["name", "address", "birthdate", "phone", "identifier"].map(
            (one) => `patient.${one}=${encodeURIComponent(valueFor(one))}`,
          ),
          `patient=${ONE}&_include=*`,
          `_content=${MARK}avskrift`,
          `_filter=${encodeURIComponent(`patient.name eq "${MARK}namn"`)}`,
        ];
  const people = [
    `name=${STAFF_CANARY.mark}namn`,
    `email=${STAFF_CANARY.mark}post@exempel.se`,
    "_sort=family",
    `address=${MARK}systersgata`,
  ];
  const isPeople = type === "RelatedPerson" || type === "Practitioner";
  return [
    ...common,
    ...link,
    ...(isPeople ? people.filter((one) => type === "Practitioner" || !one.startsWith("_sort")) : []),
  ];
}

function ofPatient(): readonly string[] {
  const names = [...parametersOf("Patient").keys()].filter((name) => !["_query", "_filter"].includes(name));
  const asked = names.flatMap((name) => [
    `${name}=${encodeURIComponent(valueFor(name))}`,
    `_id=${ONE}&${name}=${encodeURIComponent(valueFor(name))}`,
    `_sort=${name}`,
  ]);
  return [
    ...asked,
    ...names.map((name) => `${name}:missing=false`),
    `name:contains=${MARK}`,
    `identifier=http://electronichealth.se/identifier/personnummer|`,
    `_filter=${encodeURIComponent(`not (address co "x")`)}`,
    "_has:Observation:patient:code=8867-4",
    `_id=${ONE}&_include=*&_revinclude=*`,
    `organization.name=Vårdcentralen`.replace("å", "%C3%A5"),
    `identifier=${NUMBER}&_elements=name,address,telecom`,
  ];
}

function valueFor(name: string): string {
  const known: Readonly<Record<string, string>> = {
    _id: ONE,
    identifier: NUMBER,
    birthdate: "2000-01-25",
    "death-date": "2020",
    deceased: "false",
    active: "true",
    gender: "female",
    _lastUpdated: "gt2020",
    phone: `070-99${NUMBER.slice(-5)}`,
    telecom: `070-99${NUMBER.slice(-5)}`,
    email: `${MARK}post@exempel.se`,
    "address-city": `${MARK}stad`,
    address: `${MARK}gatan`,
    "general-practitioner": `Organization/${ONE}-centralen`,
    organization: `Organization/${ONE}-centralen`,
    link: `Patient/${SECOND?.id}`,
  };
  return known[name] ?? `${MARK}namn`;
}

type Sent = { readonly body: unknown; readonly headers?: Readonly<Record<string, string>> };

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const XML = { "content-type": "application/fhir+xml", accept: "application/fhir+xml" };

function bodiesOf(path: string, address: string): readonly Sent[] {
  if (path.endsWith("/_search"))
    return [`name=${MARK}namn`, `_id=${ONE}`, `identifier=${NUMBER}`].map((body) => ({ body, headers: FORM }));
  if (path === FHIR) return [{ body: bundle() }, { body: { ...bundle(), type: "transaktion" } }];
  if (path.endsWith("$graphql")) return GRAPHQL.map((query) => ({ body: { query } }));
  const broken: Sent[] = [
    { body: `{"resourceType":"Patient","name":[{"family":"${MARK}namn"` },
    { body: `<Patient><name>${MARK}namn</name>`, headers: XML },
    { body: { resourceType: "Parameters", parameter: [{ name: `${MARK}namn`, valueString: NUMBER }] } },
  ];
  const type = /\/R4\/([A-Z][A-Za-z]+)/.exec(address)?.[1] ?? "Patient";
  const id = idsOf(address)[0] ?? ONE;
  const wrong = {
    ...PATIENT,
    resourceType: type,
    id,
    birthDate: `${MARK}stad`,
    address: `${MARK}gatan`,
    gender: NUMBER,
  };
  const meta = { meta: { security: [{ system: "urn:test", code: "prov" }] } };
  const parameters = {
    resourceType: "Parameters",
    parameter: [
      { name: "resource", resource: wrong },
      { name: "meta", valueMeta: meta.meta },
    ],
  };
  const patch = [
    { op: "test", path: "/address/0/city", value: `${MARK}stad` },
    { op: "replace", path: `/${MARK}`, value: 1 },
  ];
  return [
    ...broken,
    { body: wrong },
    { body: parameters },
    { body: patch, headers: { "content-type": "application/json-patch+json" } },
  ];
}

function bundle(): Readonly<Record<string, unknown>> {
  const urls = [
    `Patient/${ONE}`,
    `Patient?name=${MARK}namn`,
    `Patient/${ONE}/$everything`,
    "Observation?_include=*",
    `Practitioner/${STAFF_CANARY.id}`,
  ];
  return {
    resourceType: "Bundle",
    type: "batch",
    entry: [
      ...urls.map((url) => ({ request: { method: "GET", url } })),
      {
        request: { method: "PUT", url: `Patient?identifier=${NUMBER}` },
        resource: { ...PATIENT, gender: `${MARK}stad` },
      },
      { request: { method: "POST", url: "Observation" }, resource: { resourceType: "Observation", status: NUMBER } },
    ],
  };
}
