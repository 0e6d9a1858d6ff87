/**
 * Malformed requests in many kinds, the same ones for the same seed: broken bytes, JSON and XML, SQL in every place where a
 * value goes, numbers and texts that are too much, references in circles, bundles that unfold.
 *
 * SPEC CLI-FUZZ · OWASP ASVS 5.0 V1, V4
 */
import type { SeededRandom } from "../../base/index.ts";
import { RESOURCE_TYPES } from "../../fhir/index.ts";
import { bytesOf, type RawRequest } from "./wire.ts";

export type Malformed = { readonly kind: string; readonly bytes: Buffer };

const BASE = "/fhir/R4";
const JSON_TYPE = "application/fhir+json";
const XML_TYPE = "application/fhir+xml";

const POISON = [
  "' OR 1=1 --",
  "'; DROP TABLE patient; --",
  "$1",
  "\\'; SELECT pg_sleep(20); --",
  "') UNION SELECT content FROM patient --",
  "\u0000",
  "%00",
  "%",
  "%ff%fe",
  "\\u0000",
  "${7*7}",
  "../../../../etc/passwd",
  "a".repeat(5000),
  ",".repeat(3000),
  "|".repeat(50),
  "$".repeat(80),
  "99999999999999999999999999999999999999999999",
  "-1",
  "1e400",
  "NaN",
  "٣",
  "😀".repeat(200),
  "\ud800",
  "__proto__",
  "constructor",
  "9999-99-99",
  "gt2020-13-45T99:99:99Z",
  "(a+)+$",
] as const;

const PARAMETERS = [
  "_id",
  "_lastUpdated",
  "_sort",
  "_count",
  "_include",
  "_revinclude",
  "_elements",
  "_summary",
  "_total",
  "_cursor",
  "_filter",
  "_text",
  "_content",
  "_list",
  "_has:Observation:patient:code",
  "_type",
  "_contained",
  "_format",
  "_pretty",
  "_profile",
  "_tag",
  "patient",
  "subject",
  "subject:Patient.name",
  "subject:Patient.organization.name",
  "code",
  "code:in",
  "code:below",
  "code:of-type",
  "identifier",
  "identifier:of-type",
  "name",
  "name:exact",
  "name:contains",
  "date",
  "birthdate",
  "value-quantity",
  "component-code-value-quantity",
  "near",
  "url:below",
  "constructor",
  "__proto__",
] as const;

/** Operations with parameters of their own, which are read at other places than a search's. */
const ASKED: readonly (readonly [path: string, parameters: readonly string[]])[] = [
  ["/CodeSystem/$lookup", ["system", "code", "version", "displayLanguage"]],
  ["/CodeSystem/$validate-code", ["url", "code", "version", "display"]],
  ["/CodeSystem/$subsumes", ["system", "codeA", "codeB"]],
  ["/ValueSet/$expand", ["url", "filter", "count", "displayLanguage"]],
  ["/ValueSet/$validate-code", ["url", "system", "code", "display"]],
  ["/ConceptMap/$translate", ["url", "system", "code", "source", "target", "targetsystem"]],
  ["/AuditEvent/$access-log", ["patient", "agent", "date", "entity", "action", "outcome", "_id", "_count", "_cursor"]],
  ["/Observation/$lastn", ["patient", "code", "category", "max"]],
  ["/Observation/$validate", ["profile", "mode"]],
  ["/Patient/x/$everything", ["_type", "_since", "_cursor", "start"]],
  ["/Composition/$document", ["id"]],
  ["/Subscription/$status", ["id", "status"]],
  ["/Patient/$export", ["_typeFilter", "_elements", "_type", "_since"]],
];

/** All but one parameter is right, so that each is looked at. */
const RIGHT = ["http://loinc.org", "8867-4", "x", "1"] as const;

type Maker = (random: SeededRandom) => RawRequest | Buffer;

const OBSERVATION = {
  resourceType: "Observation",
  status: "final",
  code: { coding: [{ system: "http://loinc.org", code: "8867-4" }], text: "Puls" },
  subject: { display: "ingen" },
  effectiveDateTime: "2026-01-02T03:04:05+01:00",
  valueQuantity: { value: 72.5, unit: "/min", system: "http://unitsofmeasure.org", code: "/min" },
  note: [{ text: "Mätt i vila." }],
};

const MAKERS: Readonly<Record<string, Maker>> = {
  "bytes that are no HTTP": (random) => Buffer.from(random.bytes(1 + random.int(2000))),
  "bytes as a body": (random) => post("/Observation", Buffer.from(random.bytes(random.int(3000)))),
  "JSON with a byte changed": (random) => {
    const body = Buffer.from(JSON.stringify(OBSERVATION));
    for (let n = 0; n <= random.int(3); n += 1) body[random.int(body.length)] = random.int(256);
    return post("/Observation", body);
  },
  "JSON cut off": (random) => {
    const text = JSON.stringify(OBSERVATION);
    return post("/Observation", Buffer.from(text.slice(0, random.int(text.length))));
  },
  "an element of another kind": (random) => post("/Observation", Buffer.from(JSON.stringify(bent(random)))),
  "JSON too deep": (random) => {
    const depth = 50 + random.int(200_000);
    return post("/Basic", Buffer.from(`{"resourceType":"Basic","x":${"[".repeat(depth)}${"]".repeat(depth)}}`));
  },
  "numbers too large": (random) => {
    const number = random.pick([
      "1e999",
      "-1e-999",
      "9".repeat(100_000),
      `0.${"1".repeat(50_000)}`,
      "1e2147483648",
      "-0",
    ]);
    const text = JSON.stringify(OBSERVATION).replace("72.5", number);
    return post("/Observation", Buffer.from(text));
  },
  "names that JavaScript knows": (random) => {
    const name = random.pick(["__proto__", "constructor", "toString", "hasOwnProperty"]);
    return post("/Observation", Buffer.from(`{"${name}":{"polluted":true},${JSON.stringify(OBSERVATION).slice(1)}`));
  },
  "the same name twice": () =>
    post("/Observation", Buffer.from(`{"status":"final",${JSON.stringify(OBSERVATION).slice(1)}`)),
  "NUL and half characters": (random) => {
    const text = random.pick(["\\u0000", "\\ud800", "\u0000", "\\udfff\\ud800"]);
    return post("/Observation", Buffer.from(JSON.stringify(OBSERVATION).replace("Mätt i vila.", text)));
  },
  "XML with entities": (random) => post("/Patient", Buffer.from(random.pick(XML)), XML_TYPE),
  "XML cut off": (random) => {
    const text =
      '<Patient xmlns="http://hl7.org/fhir"><active value="true"/><name><family value="Prov"/></name></Patient>';
    return post("/Patient", Buffer.from(text.slice(0, random.int(text.length))), XML_TYPE);
  },
  "SQL in a search": (random) => get(`/${random.pick(RESOURCE_TYPES)}?${query(random)}`),
  "SQL in a search of everything": (random) => get(`?${query(random)}`),
  "SQL in a form": (random) =>
    post(`/${random.pick(RESOURCE_TYPES)}/_search`, Buffer.from(query(random)), "application/x-www-form-urlencoded"),
  "SQL in an address": (random) => {
    const parts = Array.from({ length: 1 + random.int(5) }, () =>
      random.pick([...RESOURCE_TYPES.slice(0, 5), "_history", "$everything", "$validate", ...POISON.map(encode)]),
    );
    return {
      ...get(`/${parts.join("/")}`),
      method: random.pick(["GET", "PUT", "PATCH", "DELETE", "POST", "HEAD", "OPTIONS"]),
    };
  },
  "an address that is none": (random) => ({
    ...get(""),
    target: random.pick([
      "*",
      "/fhir/R4/%",
      "/fhir/R4/%zz",
      "//",
      "/fhir/R4/../../x",
      `/${"a".repeat(60_000)}`,
      "\u00e5",
      "/fhir/R4?%=",
    ]),
  }),
  "poison in a header": (random) => ({
    ...get("/Patient"),
    headers: [
      ...token(),
      [
        random.pick([
          "If-Match",
          "If-None-Match",
          "If-None-Exist",
          "Prefer",
          "Accept",
          "Idempotency-Key",
          "X-Provenance",
          "If-Modified-Since",
        ]),
        random
          .pick(POISON)
          .replaceAll(/[\r\n\u0000]/g, "?")
          .slice(0, 4000),
      ],
    ],
    method: random.pick(["GET", "POST", "PUT"]),
  }),
  "a length that is not so": (random) => ({
    ...post("/Patient", Buffer.from("{}")),
    headers: [
      ...token(),
      ["Content-Type", JSON_TYPE],
      random.pick([
        ["Content-Length", "-1"],
        ["Content-Length", "abc"],
        ["Content-Length", "99999999999"],
        ["Transfer-Encoding", "chunked"],
        ["Transfer-Encoding", "gzip, identity"],
      ] as const),
    ],
  }),
  "another kind of content": (random) =>
    post(
      "/Patient",
      Buffer.from("<a/>"),
      random.pick(["text/html", "image/png", "application/json; charset=utf-16", "x", "multipart/form-data"]),
    ),
  "references in circles": (random) => post("", Buffer.from(JSON.stringify(circle(2 + random.int(40))))),
  "a bundle that unfolds": (random) => post("", Buffer.from(nested(1 + random.int(60)))),
  "a bundle with broken entries": (random) => post("", Buffer.from(JSON.stringify(brokenBundle(random)))),
  "a bundle too large": () =>
    post(
      "",
      Buffer.from(
        `{"resourceType":"Bundle","type":"transaction","entry":[${Array.from({ length: 10_001 }, () => "{}").join(",")}]}`,
      ),
    ),
  "a patch that is none": (random) => ({
    ...post(
      `/Observation/${random.pick(["x", "e0000", encode(random.pick(POISON))])}`,
      Buffer.from(random.pick(PATCHES)),
      random.pick(["application/json-patch+json", JSON_TYPE]),
    ),
    method: "PATCH",
  }),
  "an operation with poison": (random) => {
    const operation = random.pick([
      "$validate",
      "$expand",
      "$lookup",
      "$translate",
      "$subsumes",
      "$closure",
      "$everything",
      "$meta",
      "$lastn",
      "$graphql",
      "$export",
      "$document",
    ]);
    const type = random.pick([
      "",
      "/Patient",
      "/Patient/x",
      "/ValueSet",
      "/CodeSystem",
      "/ConceptMap",
      "/Observation",
      "/Composition/x",
    ]);
    const text = random.pick([
      `{"resourceType":"Parameters","parameter":[{"name":"${operation}","valueUri":"x"}]}`,
      "{}",
      "[]",
      `{"query":"{${"a{".repeat(200)}"}`,
    ]);
    return random.int(2) === 0
      ? get(`${type}/${operation}?${query(random)}`)
      : post(`${type}/${operation}`, Buffer.from(text));
  },
  "an operation's own parameters": (random) => {
    const [path, names] = random.pick(ASKED);
    const bad = random.int(names.length);
    const values = names.map((name, at) => [name, at === bad ? worst(random) : random.pick(RIGHT)] as const);
    return get(`${path}?${values.map(([name, value]) => `${name}=${encode(value)}`).join("&")}`);
  },
  "a filter with poison": (random) => {
    const name = random.pick(["_text", "_content", "name", "identifier", "birthdate", "general-practitioner.name"]);
    const text = `${name} ${random.pick(["co", "eq", "sw", "ne", "ew"])} ${JSON.stringify(worst(random))}`;
    return get(`/Patient?_filter=${encode(text)}`);
  },
  "a query with poison": (random) => {
    const text = JSON.stringify(worst(random));
    const query = random.pick([`{Patient(id:${text}){id}}`, `{PatientList(name:${text}){id}}`]);
    return get(`/$graphql?query=${encode(query)}`);
  },
  "a token that is none": (random) => ({
    ...get("/Patient"),
    headers: [
      [
        "Authorization",
        random.pick(["Bearer", "Bearer x", `Bearer ${"y".repeat(5000)}`, "Basic Og==", "Bearer ' OR 1=1"]),
      ],
    ],
  }),
};

const XML = [
  '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Patient xmlns="http://hl7.org/fhir"><language value="&b;"/></Patient>',
  `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "${"x".repeat(50)}"><!ENTITY c "${"&b;".repeat(50)}"><!ENTITY d "${"&c;".repeat(50)}">]><Patient xmlns="http://hl7.org/fhir"><language value="&d;"/></Patient>`,
  '<Patient xmlns="http://hl7.org/fhir" xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/></Patient>',
  '<Patient xmlns="urn:other"><active value="true"/></Patient>',
  `<Patient xmlns="http://hl7.org/fhir">${"<contained>".repeat(5000)}`,
  '<Patient xmlns="http://hl7.org/fhir"><active value="true" value="false"/></Patient>',
  '<Patient xmlns="http://hl7.org/fhir"><active value="&#0;"/></Patient>',
] as const;

const PATCHES = [
  '[{"op":"replace","path":"/__proto__/x","value":1}]',
  '[{"op":"add","path":"/note/999999999","value":1}]',
  '[{"op":"copy","from":"","path":"/note/-"},{"op":"copy","from":"","path":"/note/-"}]',
  '{"op":"add"}',
  "[]",
  `[${'{"op":"test","path":"","value":null},'.repeat(2000)}{"op":"remove","path":"/status"}]`,
  '{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Observation.note.where(text.matches(\'(a+)+$\'))"}]}]}',
] as const;

/** An endless supply of malformed requests. */
export function* malformedRequests(random: SeededRandom, bearer: string): Generator<Malformed> {
  const kinds = Object.keys(MAKERS);
  while (true) {
    const kind = random.pick(kinds);
    const made = MAKERS[kind]?.(random) ?? Buffer.alloc(0);
    const bytes = Buffer.isBuffer(made) ? made : bytesOf(withToken(made, bearer));
    yield { kind, bytes };
  }
}

/** The kinds of malformed requests. */
export const KINDS: readonly string[] = Object.keys(MAKERS);

const PLACE = "the token goes here";

function token(): [string, string][] {
  return [["Authorization", PLACE]];
}

function withToken(request: RawRequest, bearer: string): RawRequest {
  const headers = request.headers.map(([name, value]) => [name, value === PLACE ? `Bearer ${bearer}` : value] as const);
  return { ...request, headers };
}

function get(rest: string): RawRequest {
  return { method: "GET", target: `${BASE}${rest}`, headers: token() };
}

function post(rest: string, body: Buffer, type = JSON_TYPE): RawRequest {
  return { method: "POST", target: `${BASE}${rest}`, headers: [...token(), ["Content-Type", type]], body };
}

function query(random: SeededRandom): string {
  return Array.from({ length: 1 + random.int(3) }, () => {
    const value = random.pick(POISON);
    return `${encode(random.pick(PARAMETERS))}=${random.int(4) === 0 ? value.replaceAll(/[^\x21-\x7e]/g, "%") : encode(value)}`;
  }).join("&");
}

function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      /[A-Za-z0-9_.:-]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).padStart(2, "0")}`,
    )
    .join("");
}

/** Poison, and often that which PostgreSQL takes for no text at all. */
function worst(random: SeededRandom): string {
  return random.int(4) === 0 ? "\u0000" : random.pick(POISON);
}

/** The example with one of its elements made into something else. */
function bent(random: SeededRandom): Record<string, unknown> {
  const wrong = random.pick([null, [], {}, "", 0, true, [[]], [null], { a: { b: [] } }, "x".repeat(100_000), -1]);
  const name = random.pick([...Object.keys(OBSERVATION), "contained", "extension", "meta", "id", "text", "unknown"]);
  return { ...OBSERVATION, [name]: wrong };
}

function circle(size: number): unknown {
  const entry = Array.from({ length: size }, (_, at) => ({
    fullUrl: `urn:uuid:00000000-0000-4000-8000-${String(at).padStart(12, "0")}`,
    resource: {
      resourceType: "Organization",
      partOf: { reference: `urn:uuid:00000000-0000-4000-8000-${String((at + 1) % (size + 1)).padStart(12, "0")}` },
    },
    request: { method: "POST", url: "Organization" },
  }));
  return { resourceType: "Bundle", type: "transaction", entry };
}

function nested(depth: number): string {
  let text = '{"resourceType":"Bundle","type":"collection"}';
  for (let at = 0; at < depth; at += 1)
    text = `{"resourceType":"Bundle","type":"${at % 2 === 0 ? "transaction" : "batch"}","entry":[{"resource":${text},"request":{"method":"POST","url":"Bundle"}}]}`;
  return text;
}

function brokenBundle(random: SeededRandom): unknown {
  const entry = Array.from({ length: 1 + random.int(20) }, () => ({
    fullUrl: random.pick([undefined, "", "urn:uuid:x", "urn:uuid:x", "http://a/Patient/1"]),
    resource: random.pick([
      undefined,
      null,
      {},
      OBSERVATION,
      { resourceType: "Nothing" },
      { resourceType: "Patient", id: "x/y" },
    ]),
    request: random.pick([
      undefined,
      {},
      { method: "POST", url: "Observation" },
      { method: "PUT", url: `Patient?identifier=${random.pick(POISON)}` },
      { method: "DELETE", url: `Observation?code=${random.pick(POISON)}` },
      { method: "GET", url: `Patient?${random.pick(POISON)}` },
      { method: "PATCH", url: "Observation/x" },
      { method: "BREW", url: "Coffee" },
      { method: "POST", url: "Observation", ifNoneExist: random.pick(POISON) },
    ]),
  }));
  return { resourceType: "Bundle", type: random.pick(["transaction", "batch", "history", "x"]), entry };
}
