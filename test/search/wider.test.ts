/** Filters, lists, full text, compartments, hierarchies, units and contained resources, asked of a real PostgreSQL. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { ExactNumber, parseJson, writeJson, type JsonObject } from "../../src/fhir/index.ts";
import {
  compileContainers,
  containedMatches,
  tokenKey,
  type AccessPredicate,
  type SearchOptions,
} from "../../src/search/index.ts";
import { worldOf } from "./corpus.ts";
import { naiveSearch } from "./naive.ts";
import { ALL, planOf, SearchDatabase, type Stored } from "./search-database.ts";

let database: SearchDatabase;
const world = worldOf(11);

const stored = (resource: JsonObject, careProvider = "north"): Stored => ({
  resource,
  careProvider,
  lastUpdated: "2026-01-01T00:00:00.000Z",
});
const ref = (reference: string): JsonObject => ({ reference });

before(async () => {
  database = await SearchDatabase.open();
  for (const [type, some] of world) await database.insert(type, some);
  await database.insert("List", [
    stored({ resourceType: "List", id: "l1", entry: [{ item: ref("Patient/pat1") }, { item: ref("Patient/pat2") }] }),
    stored({ resourceType: "List", id: "l2", entry: [{ item: ref("Patient/pat3") }] }, "south"),
  ]);
  await database.insert("Location", [
    stored({ resourceType: "Location", id: "hospital", name: "Sjukhuset" }),
    stored({ resourceType: "Location", id: "ward", partOf: ref("Location/hospital") }),
    stored({ resourceType: "Location", id: "room", partOf: ref("Location/ward") }),
    stored({ resourceType: "Location", id: "hidden", partOf: ref("Location/hospital") }, "south"),
    stored({ resourceType: "Location", id: "below-hidden", partOf: ref("Location/hidden") }),
    stored({ resourceType: "Location", id: "circle1", partOf: ref("Location/circle2") }),
    stored({ resourceType: "Location", id: "circle2", partOf: ref("Location/circle1") }),
  ]);
  await database.insert(
    "Procedure",
    ["hospital", "ward", "room", "hidden", "below-hidden", "circle1"].map((id) =>
      stored({
        resourceType: "Procedure",
        id: `at-${id}`,
        location: ref(`Location/${id}`),
        subject: ref("Patient/pat1"),
      }),
    ),
  );
  await database.insert("Condition", [
    condition("c1", "Frakturer i ryggkotor efter bröstcancer"),
    condition("c2", "Revbensfraktur, oklar primärtumör"),
    condition("c3", "Ingen fraktur", { note: [{ text: "Patienten har ont i ryggen sedan tre veckor" }] }),
    stored({
      resourceType: "Condition",
      id: "c4",
      note: [{ text: "Ryggont & trötthet" }],
      subject: ref("Patient/pat1"),
    }),
    stored({ resourceType: "Condition", id: "c5", note: [{ text: `${"ord ".repeat(80_000)}` }] }),
  ]);
  await database.insert("MedicationRequest", [
    request("r1", "active", { amount: 500 }),
    request("r2", "inactive", { amount: 250 }),
    stored({ resourceType: "MedicationRequest", id: "r3", medicationReference: ref("Medication/whole") }),
  ]);
  await database.insert("Medication", [
    stored({ resourceType: "Medication", id: "whole", status: "active", code: { text: "hel" } }),
  ]);
  await database.analyze();
});
after(() => database.close());

function condition(id: string, text: string, more: JsonObject = {}): Stored {
  const div = `<div xmlns="http://www.w3.org/1999/xhtml"><p>${text}</p></div>`;
  return stored({ resourceType: "Condition", id, text: { status: "generated", div }, ...more });
}

function request(id: string, status: string, { amount }: { readonly amount: number }): Stored {
  const contained = [
    {
      resourceType: "Medication",
      id: "m1",
      status,
      code: { coding: [{ system: "urn:atc", code: "N02BE01" }], text: "Alvedon" },
      ingredient: [{ strength: { numerator: { value: new ExactNumber(String(amount)) } } }],
      batch: { expirationDate: `20${amount === 500 ? 26 : 27}-05` },
    },
    { resourceType: "Practitioner", id: "p1", name: [{ family: "Ek" }] },
  ];
  return stored({ resourceType: "MedicationRequest", id, contained, medicationReference: ref("#m1") });
}

const onlyNorth: AccessPredicate = (alias, _, bind) => `${alias}.care_provider = ${bind("north")}`;

async function find(
  type: string | undefined,
  query: string,
  access: AccessPredicate = ALL,
  options: SearchOptions = {},
): Promise<string> {
  const found = await database.all(planOf(type, `${query}&_count=1000`, options), access);
  return (type === undefined ? found : found.map((one) => one.slice(type.length + 1))).toSorted().join(" ");
}

const filtered = (filter: string): string => `_filter=${encodeURIComponent(filter)}`;

test("SEARCH-FILTER-6 a filter finds what the same questions find in a query string, and its joints are those of logic", async () => {
  const naive = (type: string, ...criteria: (readonly [string, string])[]): Set<string> =>
    new Set(naiveSearch(world, type, criteria));
  const all = (type: string): Set<string> => naive(type);
  const cases: readonly (readonly [type: string, filter: string, expected: (type: string) => Set<string>])[] = [
    ["Patient", "gender eq male", (type) => naive(type, ["gender", "male"])],
    [
      "Patient",
      'name co "ann" and birthdate ge 2024-03',
      (type) => naive(type, ["name:contains", "ann"], ["birthdate", "ge2024-03"]),
    ],
    ["Patient", "gender eq male or gender eq female", (type) => naive(type, ["gender", "male,female"])],
    ["Patient", "not (gender eq male)", (type) => difference(all(type), naive(type, ["gender", "male"]))],
    ["Patient", "not (birthdate lt 2024)", (type) => difference(all(type), naive(type, ["birthdate", "lt2024"]))],
    [
      "Patient",
      "gender ne male",
      (type) => difference(naive(type, ["gender:missing", "false"]), naive(type, ["gender", "male"])),
    ],
    ["Patient", "birthdate pr false", (type) => naive(type, ["birthdate:missing", "true"])],
    ["Patient", "family sw asa", (type) => naive(type, ["family", "asa"])],
    ["Patient", "organization.name co berg", (type) => naive(type, ["organization.name:contains", "berg"])],
    [
      "Patient",
      "general-practitioner:Practitioner.family sw von",
      (type) => naive(type, ["general-practitioner:Practitioner.family", "von"]),
    ],
    ["Patient", "organization re Organization/org3", (type) => naive(type, ["organization", "Organization/org3"])],
    [
      "Patient",
      "_has:Observation:patient:status eq final",
      (type) => naive(type, ["_has:Observation:patient:status", "final"]),
    ],
    ["Patient", "id eq pat7", (type) => naive(type, ["_id", "pat7"])],
    [
      "Observation",
      "code eq http://loinc.org|8480-6 and value-quantity gt 5",
      (type) => naive(type, ["code", "http://loinc.org|8480-6"], ["value-quantity", "gt5"]),
    ],
    ["Observation", "code eq loinc|8480-6", (type) => naive(type, ["code", "http://loinc.org|8480-6"])],
    ["Observation", 'code eq "x,y"', (type) => naive(type, ["code", "x\\,y"])],
    [
      "Observation",
      "value-quantity le 5.4|http://unitsofmeasure.org|mg",
      (type) => naive(type, ["value-quantity", "le5.4|http://unitsofmeasure.org|mg"]),
    ],
    [
      "Observation",
      "subject:Patient[gender eq male].birthdate ge 2024",
      (type) => naive(type, ["subject:Patient.gender", "male"], ["subject:Patient.birthdate", "ge2024"]),
    ],
    [
      "Observation",
      "not (status eq final) and date pr true",
      (type) => difference(naive(type, ["date:missing", "false"]), naive(type, ["status", "final"])),
    ],
  ];
  let hits = 0;
  for (const [type, filter, expected] of cases) {
    const found = await database.all(planOf(type, `${filtered(filter)}&_count=1000`));
    const wanted = expected(type);
    assert.deepEqual(found.toSorted(), [...wanted].toSorted(), `${type}: ${filter}`);
    hits += wanted.size > 0 ? 1 : 0;
    assert.equal(await database.count(planOf(type, filtered(filter))), wanted.size, filter);
  }
  assert.ok(hits > cases.length - 3, `${hits} of ${cases.length} find anything`);
});

function difference(left: ReadonlySet<string>, right: ReadonlySet<string>): Set<string> {
  return new Set([...left].filter((one) => !right.has(one)));
}

test("SEARCH-FILTER-7 words that only a filter has: the whole text, its end, periods in common, groups of one element", async () => {
  await database.insert("Person", [
    stored({ resourceType: "Person", id: "f1", name: [{ family: "Åberg" }] }),
    stored({ resourceType: "Person", id: "f2", name: [{ family: "Åberger" }] }),
    stored({ resourceType: "Person", id: "f3", name: [{ family: "Sandåberg" }] }),
  ]);
  assert.equal(await find("Person", filtered("name eq aberg")), "f1");
  assert.equal(await find("Person", filtered("name ew åberg")), "f1 f3");
  assert.equal(await find("Person", filtered("name sw ÅBERG")), "f1 f2");
  assert.equal(await find("Person", filtered("name ne åberg")), "f2 f3");
  await database.insert("EpisodeOfCare", [
    stored({ resourceType: "EpisodeOfCare", id: "e1", period: { start: "2026-01-10", end: "2026-01-20" } }),
    stored({ resourceType: "EpisodeOfCare", id: "e2", period: { start: "2026-01-21" } }),
  ]);
  assert.equal(await find("EpisodeOfCare", filtered("date po 2026-01-20")), "e1");
  assert.equal(await find("EpisodeOfCare", filtered("date po 2026-01")), "e1 e2");
  assert.equal(await find("EpisodeOfCare", filtered("date co 2026-01-20")), "e1");
  assert.equal(await find("EpisodeOfCare", filtered("date co 2026-01")), "");
  const relates = (id: string, ...list: readonly (readonly [string, string])[]): Stored =>
    stored({
      resourceType: "DocumentReference",
      id,
      relatesTo: list.map(([code, target]) => ({ code, target: ref(`DocumentReference/${target}`) })),
    });
  await database.insert("DocumentReference", [
    relates("g1", ["appends", "x"], ["signs", "y"]),
    relates("g2", ["appends", "y"], ["signs", "x"]),
  ]);
  assert.equal(
    await find("DocumentReference", filtered("relatesTo[code eq appends].target re DocumentReference/x")),
    "g1",
  );
  assert.equal(
    await find("DocumentReference", filtered("relatesTo[target re DocumentReference/y].code eq appends")),
    "g2",
  );
});

test("SEARCH-LIST-1 _list finds what a List here refers to, with other criteria, in chains, and nothing of a list that may not be seen", async () => {
  assert.equal(await find("Patient", "_list=l1"), "pat1 pat2");
  assert.equal(await find("Patient", "_list=l1,List/l2"), "pat1 pat2 pat3");
  assert.equal(await find("Patient", "_list=l1,l2", onlyNorth), await find("Patient", "_list=l1", onlyNorth));
  assert.equal(await find("Organization", "_list=l1"), "");
  assert.equal(await find("Patient", "_list=nosuch"), "");
  assert.equal(await find("Patient", "_list=l1&_id=pat2"), "pat2");
  const observations = await find("Observation", "subject:Patient._id=pat1,pat2");
  assert.equal(await find("Observation", "subject:Patient._list=l1"), observations);
  assert.ok(observations.length > 0);
});

test("SEARCH-WORDS-2 _text looks in the narrative, _content in all of the resource, with Swedish endings; names of elements are not content", async () => {
  assert.equal(await find("Condition", "_text=fraktur"), "c1 c3");
  assert.equal(await find("Condition", "_text=frakturer"), "c1 c3");
  assert.equal(await find("Condition", `_text=${encodeURIComponent("fraktur and not bröstcancer")}`), "c3");
  assert.equal(await find("Condition", `_text=${encodeURIComponent('"oklar primärtumör" or bröstcancer')}`), "c1 c2");
  assert.equal(await find("Condition", `_text=${encodeURIComponent('"primärtumör oklar"')}`), "");
  assert.equal(await find("Condition", "_text=rygg"), "");
  assert.equal(await find("Condition", "_content=ryggen"), "c3");
  assert.equal(await find("Condition", "_content=fraktur"), "c1 c3");
  assert.equal(await find("Condition", "_content=resourceType&_id:not=c5"), "");
  assert.equal(await find("Condition", "_content=ord"), "c5");
  assert.equal(await find("Condition", "patient=pat1&_content=trötthet"), "c4");
  assert.equal(await find("Condition", "_text=div"), "");
  assert.equal(await find("Condition", "_text=fraktur,primärtumör"), "c1 c2 c3");
  assert.equal(await find(undefined, "_type=Condition,Person&_content=trött"), "Condition/c4");
  assert.equal(await find("Condition", filtered('_content co "trötthet"')), "c4");
});

test("SEARCH-WORDS-3 :text on a string finds words anywhere in it", async () => {
  await database.insert("Library", [
    stored({ resourceType: "Library", id: "w1", description: "Vård i livets slutskede" }),
    stored({ resourceType: "Library", id: "w2", description: "Livsviktig vård" }),
  ]);
  assert.equal(await find("Library", "description:text=slutskede"), "w1");
  assert.equal(await find("Library", `description:text=${encodeURIComponent("vård and not livets")}`), "w2");
  assert.equal(await find("Library", "description:text=liv"), "");
});

test("SEARCH-COMPARTMENT-2 other compartments have what R4's definitions name, by type and whole", async () => {
  const within = (type: string | undefined, focus: string, query = ""): Promise<string> => {
    const [name = "", id = ""] = focus.split("/");
    return find(type, query, ALL, { compartment: { type: name, id } });
  };
  const referring = (type: string, target: string): string =>
    (world.get(type) ?? [])
      .filter(({ resource }) => writeJson(resource).includes(`"${target}"`))
      .map(({ resource }) => String(resource["id"]))
      .toSorted()
      .join(" ");
  assert.equal(await within("Observation", "Practitioner/pra1"), referring("Observation", "Practitioner/pra1"));
  assert.ok((await within("Observation", "Practitioner/pra1")).length > 0);
  assert.equal(await within("Patient", "Practitioner/pra1"), referring("Patient", "Practitioner/pra1"));
  assert.equal(await within("Observation", "Encounter/enc1"), referring("Observation", "Encounter/enc1"));
  assert.equal(await within("Encounter", "Encounter/enc1"), "enc1");
  assert.equal(await within("Organization", "Encounter/enc1"), "");
  const whole = (await within(undefined, "Encounter/enc1")).split(" ");
  assert.ok(whole.includes("Encounter/enc1") && whole.some((one) => one.startsWith("Observation/")));
  assert.equal(
    await within("Observation", "Encounter/enc1", "status=final"),
    await find("Observation", "encounter=enc1&status=final"),
  );
  await database.insert("DeviceUseStatement", [
    stored({ resourceType: "DeviceUseStatement", id: "d1", device: ref("Device/pump") }),
    stored({ resourceType: "DeviceUseStatement", id: "d2", subject: ref("Patient/pump") }),
  ]);
  assert.equal(await within("DeviceUseStatement", "Device/pump"), "d1");
  await database.insert("Appointment", [
    stored({ resourceType: "Appointment", id: "a1", participant: [{ actor: ref("RelatedPerson/mother") }] }),
    stored({ resourceType: "Appointment", id: "a2", participant: [{ actor: ref("Patient/mother") }] }),
  ]);
  assert.equal(await within("Appointment", "RelatedPerson/mother"), "a1");
});

test("SEARCH-REF-5 :below and :above on references follow partOf, each step only through what may be seen, and circles end", async () => {
  assert.equal(
    await find("Procedure", "location:below=hospital"),
    "at-below-hidden at-hidden at-hospital at-room at-ward",
  );
  assert.equal(await find("Procedure", "location:below=Location/ward"), "at-room at-ward");
  assert.equal(await find("Procedure", "location:above=room"), "at-hospital at-room at-ward");
  assert.equal(await find("Procedure", "location:above=hospital"), "at-hospital");
  assert.equal(await find("Procedure", "location:below=circle1"), "at-circle1");
  assert.equal(await find("Procedure", "location:below=ward,circle2"), "at-circle1 at-room at-ward");
  assert.equal(await find("Procedure", "patient=pat1&location:below=ward"), "at-room at-ward");
  assert.equal(await find("Location", "partof:below=hospital"), "below-hidden hidden room ward");
  assert.equal(await find("Procedure", "location:below=hospital", onlyNorth), "at-hospital at-room at-ward");
});

test("SEARCH-QUANTITY-1 a value in one unit finds those in every unit of its kind, by its own precision, with every prefix", async () => {
  const value = (id: string, number: string, code: string, more: JsonObject = {}): Stored =>
    stored({
      resourceType: "Observation",
      id,
      status: "final",
      code: { coding: [{ code: "q" }] },
      valueQuantity: { value: new ExactNumber(number), system: "http://unitsofmeasure.org", code, ...more },
    });
  await database.insert("Observation", [
    value("q1", "5.4", "mg"),
    value("q2", "5400", "ug"),
    value("q3", "0.00544", "g"),
    value("q4", "5.5", "mg"),
    value("q5", "5.4", "ug"),
    value("q6", "5.4", "mmol"),
    value("q7", "5.4", "mg", { system: "urn:other" }),
    value("q8", "98.6", "[degF]"),
    value("q9", "310.15", "K"),
    value("q10", "5", "ug", { comparator: ">" }),
  ]);
  const ask = (text: string): Promise<string> =>
    find("Observation", `code=q&value-quantity=${encodeURIComponent(text)}`);
  const mg = "|http://unitsofmeasure.org|mg";
  assert.equal(await ask(`5.4${mg}`), "q1 q2 q3");
  assert.equal(await ask(`5.40${mg}`), "q1 q2");
  assert.equal(await ask(`gt5.4${mg}`), "q10 q3 q4");
  assert.equal(await ask(`ge5.4${mg}`), "q1 q10 q2 q3 q4");
  assert.equal(await ask(`lt5.4${mg}`), "q10 q5");
  assert.equal(await ask(`sa5.4${mg}`), "q3 q4");
  assert.equal(await ask(`eb5.4${mg}`), "q5");
  assert.equal(await ask(`ne5.4${mg}`), "q10 q4 q5");
  assert.equal(await ask(`ap5${mg}`), "q1 q10 q2 q3 q4");
  assert.equal(await ask("37|http://unitsofmeasure.org|Cel"), "q8 q9");
  assert.equal(await ask("5.4||mg"), "q1 q7");
  assert.equal(await ask("5.4|urn:other|mg"), "q7");
  assert.equal(await ask("5.4|http://unitsofmeasure.org|mmol"), "q6");
});

const containedIn = async (query: string, access: AccessPredicate = ALL): Promise<string> => {
  const plan = planOf("Medication", query);
  const rows = await database.run(compileContainers(plan.types, access));
  return rows
    .flatMap((row) =>
      containedMatches(parseJson(row.content) as JsonObject, plan.types, undefined).map(
        (one) => `${row.type}/${row.id}#${String(one["id"])}`,
      ),
    )
    .toSorted()
    .join(" ");
};

test("SEARCH-CONTAINED-1 what resources contain is found by the same parameters, through a key of its type", async () => {
  assert.equal(await containedIn("status=active"), "MedicationRequest/r1#m1");
  assert.equal(await containedIn("status:not=active"), "MedicationRequest/r2#m1");
  assert.equal(await containedIn("code=urn:atc|N02BE01"), "MedicationRequest/r1#m1 MedicationRequest/r2#m1");
  assert.equal(await containedIn("code:text=alv"), "MedicationRequest/r1#m1 MedicationRequest/r2#m1");
  assert.equal(await containedIn("expiration-date=lt2027"), "MedicationRequest/r1#m1");
  assert.equal(await containedIn("expiration-date:missing=true"), "");
  assert.equal(
    await containedIn(filtered("status eq active or expiration-date ge 2027")),
    "MedicationRequest/r1#m1 MedicationRequest/r2#m1",
  );
  assert.equal(await containedIn("status=active", () => "FALSE"), "");
});

test("SEARCH-CONTAINED-4 the migration gives rows that were stored before the key to be found by", async () => {
  const sql = await readFile(new URL("../../src/store/migrations/0005-contained-types.sql", import.meta.url), "utf8");
  const key = tokenKey("contained:", "Medication");
  await database.client.query("UPDATE medicationrequest SET tokens = array_remove(tokens, $1::int8)", [key]);
  assert.equal(await containedIn("status=active"), "");
  for (let times = 0; times < 2; times++) {
    await database.client.query(`BEGIN; ${sql}; COMMIT`);
    assert.equal(await containedIn("status=active"), "MedicationRequest/r1#m1");
  }
  const { rows } = await database.client.query<{ n: number }>(
    "SELECT cardinality(array_positions(tokens, $1::int8)) AS n FROM medicationrequest WHERE id = 'r1'",
    [key],
  );
  assert.equal(rows[0]?.n, 1);
});

test("SEARCH-CONTAINED-2 what would need other rows is refused", async () => {
  for (const query of ["manufacturer.name=x", "_has:MedicationRequest:medication:status=active", "_content=x"])
    await assert.rejects(containedIn(query), { code: "NOT_SUPPORTED" }, query);
});
