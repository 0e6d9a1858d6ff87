/** Rules ACC-PROTECTED-2 to 5 of SPEC.md in access. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { format, inspect } from "node:util";
import { isEqualJson, type JsonObject } from "../../fhir/index.ts";
import {
  changesProtected,
  changesTelling,
  isSelf,
  keptDisplays,
  keptTelling,
  parseScopes,
  PROTECTED_TEXT,
  ProtectedIdentity,
  protectionIn,
  seesProtected,
  shownFor,
  withoutDisplays,
  withoutStaffName,
  withoutTelling,
  type Actor,
} from "../index.ts";

const PROTECTION = { sekretessmarkering: true, skyddadFolkbokforing: false };
const SECRET = "Storgatan 1";
const hidden = (): ProtectedIdentity<{ address: string }> => new ProtectedIdentity({ address: SECRET }, PROTECTION);

test("ACC-PROTECTED-2 a protected identity is the same words to whoever prints, joins, compares, sorts, copies or logs it", () => {
  const one = hidden();
  const other = new ProtectedIdentity({ address: "Ågatan 9" }, PROTECTION);
  const texts = [
    String(one),
    `${one as unknown as string}`,
    JSON.stringify({ one, list: [one] }),
    inspect(one, { depth: 9, showHidden: true, getters: true }),
    inspect({ deep: { one } }, { depth: 9, showHidden: true }),
    format("%s %o %O %j", one, one, one, one),
    [one].join(),
    JSON.stringify(Object.entries(one)),
    JSON.stringify(Object.assign({}, one)),
    JSON.stringify(Object.getOwnPropertyDescriptors(one)),
    JSON.stringify(structuredClone(one)),
    new Error(one as unknown as string).message,
    String(Reflect.ownKeys(one).length),
  ];
  for (const text of texts) assert.ok(!text.includes("Storgatan"), text);
  assert.equal(String(one), PROTECTED_TEXT);
  assert.deepEqual([one < other, one > other, String(one) === String(other)], [false, false, true], "no order");
  assert.ok(Number.isNaN(Number(one)));
});

test("ACC-PROTECTED-2 it comes out by its use, and by nothing that is malformed", () => {
  const shown = (protection: unknown, use: "chart" | "contact" | "list"): readonly string[] =>
    shownFor(new ProtectedIdentity({}, protection as never), use, (_, withheld) => withheld);
  assert.deepEqual(shown(PROTECTION, "contact"), ["address", "municipality", "unit-trail"]);
  assert.equal(shown(PROTECTION, "list").length, 6);
  assert.deepEqual(shown({ sekretessmarkering: false, skyddadFolkbokforing: false }, "list"), []);
  for (const bad of [null, {}, { sekretessmarkering: "nej" }]) assert.ok(shown(bad, "chart").includes("address"));
  assert.throws(() => shownFor({} as ProtectedIdentity<unknown>, "chart", (content) => content));
});

const LABEL = { system: "http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel", code: "skyddadFolkbokforing" };
const PATIENT: JsonObject = {
  resourceType: "Patient",
  meta: { versionId: "1", security: [LABEL], tag: [{ code: "own" }] },
  identifier: [{ value: "200001252386" }],
  name: [{ family: "Ek" }],
  telecom: [{ value: "070" }],
  address: [{ city: "Ystad" }],
  birthDate: "2000-01-25",
  extension: [
    { url: "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired", valueBoolean: true },
    { url: "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", valueAddress: { city: "Ystad" } },
  ],
  contact: [{ name: { text: "Rut" } }],
  generalPractitioner: [{ reference: "Organization/1" }],
  link: [{ other: { reference: "Patient/2" }, type: "seealso" }],
  text: { status: "generated" },
};

test("ACC-PROTECTED-3 what is withheld says so whether it was there or not, what could say anything goes, the rest stays", () => {
  assert.deepEqual(protectionIn(PATIENT), { sekretessmarkering: false, skyddadFolkbokforing: true });
  assert.equal(protectionIn({ resourceType: "Patient" }), undefined);
  const all = ["name", "number", "address", "telecom", "municipality", "unit-trail"] as const;
  const listed = withoutTelling(PATIENT, all);
  for (const word of ["Ek", "2000", "070", "Ystad", "Rut", "Organization/1", "Patient/2", "generated"])
    assert.ok(!JSON.stringify(listed).includes(word), word);
  assert.deepEqual(listed["extension"], [(PATIENT["extension"] as readonly unknown[])[0]]);
  const bare: JsonObject = { resourceType: "Patient", meta: PATIENT["meta"] ?? {} };
  const { extension: _, ...others } = listed;
  assert.ok(isEqualJson(withoutTelling(bare, all), others));
  assert.deepEqual(withoutTelling(PATIENT, []), PATIENT);
  const chart = withoutTelling(PATIENT, ["address"]);
  assert.deepEqual([chart["name"], chart["telecom"], chart["text"]], [PATIENT["name"], PATIENT["telecom"], undefined]);
  const { security, tag } = chart["meta"] as { security: { code: string }[]; tag: { code: string }[] };
  assert.deepEqual([security.map(({ code }) => code), tag.map(({ code }) => code)], [["skyddadFolkbokforing", "REDACTED"], ["own", "SUBSETTED"]]); // prettier-ignore
  assert.deepEqual(withoutTelling(chart, ["address"]), chart, "once");
});

test("ACC-PROTECTED-3 staff keep their HSA-id, and references to protected people show no name", () => {
  const hsaId = { system: "urn:oid:1.2.752.29.4.19", value: "SE2321000131-P1" };
  const staff = { resourceType: "Practitioner", identifier: [hsaId, { value: "19700101" }], name: [{ family: "Ek" }] };
  const shown = withoutStaffName(staff);
  assert.deepEqual(shown["identifier"], [hsaId]);
  assert.doesNotMatch(JSON.stringify(shown), /Ek|1970/);
  const isHidden = (text: string): "patient" | "staff" | undefined =>
    text.endsWith("Patient/1") ? "patient" : text === "Practitioner/1" ? "staff" : undefined;
  const record = {
    subject: { reference: "http://here/Patient/1", display: "Ek" },
    performer: [
      { reference: "Practitioner/1", display: "Ek" },
      { reference: "Practitioner/2", display: "Al" },
    ],
    note: [{ text: "Ek" }],
  };
  const text = JSON.stringify(withoutDisplays(record, isHidden));
  assert.match(text, /Skyddade personuppgifter.*Skyddad identitet.*Al.*Ek/);
  const plain = { subject: { reference: "Patient/2", display: "Al" } };
  assert.equal(withoutDisplays(plain, isHidden), plain);
  assert.ok(isEqualJson(keptDisplays(withoutDisplays(record, isHidden), record, isHidden), record));
});

test("ACC-PROTECTED-4 the protected are shown to clients with all or by name, and to patients themselves", () => {
  const client = (scopes: string): Actor => ({
    kind: "client",
    name: "c",
    scopes: parseScopes(scopes) ?? [],
    careProvider: null,
    careUnit: null,
  });
  const told = (scopes: string): readonly boolean[] => [
    seesProtected(client(scopes)),
    changesProtected(client(scopes)),
  ];
  assert.deepEqual(told("system/*.cruds"), [true, true]);
  assert.deepEqual(told("system/*.rs"), [true, false]);
  assert.deepEqual(told("system/Patient.cruds"), [false, false]);
  assert.deepEqual(told("system/Patient.r system/ProtectedIdentity.r"), [true, false]);
  assert.deepEqual(told("system/ProtectedIdentity.u"), [false, true]);
  const person = { kind: "person" } as Actor;
  assert.deepEqual([seesProtected(person), changesProtected(person), isSelf(person, "Patient", "1")], [false, false, false]); // prettier-ignore
  const door = (kind: string): Actor => ({ kind: "patient", patient: "1", reader: { kind } }) as unknown as Actor;
  assert.equal(isSelf(door("patient"), "Patient", "1"), true);
  for (const [kind, type, id] of [
    ["guardian", "Patient", "1"],
    ["patient", "Patient", "2"],
    ["patient", "Person", "1"],
  ] as const)
    // prettier-ignore
    assert.equal(isSelf(door(kind), type, id), false);
});

test("ACC-PROTECTED-5 what a writer was not shown stays, labels included, and another value for it is found out", () => {
  const shown = withoutTelling(PATIENT, ["address", "telecom", "municipality", "unit-trail"]);
  assert.equal(changesTelling(shown, PATIENT, isEqualJson), false);
  assert.deepEqual(keptTelling(shown, PATIENT), PATIENT);
  const { meta: _, ...unmarked } = shown;
  const kept = keptTelling({ ...unmarked, active: true }, PATIENT);
  assert.deepEqual([kept["address"], kept["active"], (kept["meta"] as JsonObject)["security"]], [PATIENT["address"], true, [LABEL]]); // prettier-ignore
  for (const name of ["address", "telecom", "contact", "generalPractitioner", "link", "extension", "photo"])
    assert.equal(changesTelling({ ...unmarked, [name]: [{ city: "Lund" }] }, PATIENT, isEqualJson), true, name);
  assert.deepEqual(keptTelling({ resourceType: "Patient", name: [{ family: "Al" }] }, PATIENT)["name"], [
    { family: "Al" },
  ]);
});
