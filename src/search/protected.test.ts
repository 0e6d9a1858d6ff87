/** Rules SEARCH-PROTECTED of SPEC.md in this folder. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  compileCount,
  compileRevinclude,
  compileSearch,
  parseSearch,
  parseSystemSearch,
  type AccessPredicate,
} from "./index.ts";
import { compileReferring } from "./referring.ts";

const WITHHOLDS: AccessPredicate = Object.assign(() => "TRUE", { withholds: true });
const SEES: AccessPredicate = () => "TRUE";
/** How a statement leaves the protected out. */
const GUARD = /NOT \w+\.tokens && \$\d+::int8\[\]/;

const parse = (query: string): ReturnType<typeof parseSearch> => {
  const [type = "", criteria = ""] = query.split("?");
  return parseSearch(type, [...new URLSearchParams(criteria)]);
};
const guards = (query: string, access = WITHHOLDS): number =>
  compileSearch(parse(query), access).text.split(GUARD).length - 1;

test("SEARCH-PROTECTED-1 only an id or whole numbers, and nothing telling beside them, let the protected in", () => {
  for (const query of [
    "_id=1",
    "_id=1,2&_sort=-_lastUpdated",
    "identifier=200001252386",
    "identifier=urn:pnr|200001252386,urn:x|2",
    "identifier=|200001252386&gender=male&active:missing=true&_lastUpdated=gt2020",
    "identifier:of-type=a|b|c",
  ])
    assert.equal(guards(`Patient?${query}`), 0, query);
  for (const query of [
    "",
    "gender=male",
    "birthdate=2000-01-25",
    "name=Ek",
    "name:contains=k",
    "_id:not=1",
    "identifier=urn:pnr|",
    "identifier=1,urn:pnr|",
    "identifier:not=1",
    "identifier:missing=false",
    "_id=1&address-city=Lund",
    "_id=1&general-practitioner=Practitioner/1",
    "_id=1&organization.name=Ek",
    "_id=1&phone:missing=true",
    "_id=1&_content=Lund",
    "_id=1&_text=Lund",
    "_id=1&_filter=not (name eq Ek)",
    "_id=1&_list=1",
    "_id=1&_has:Observation:patient:code=1",
    "_id=1&_sort=family",
    "_id=1&_sort=-address-city,_id",
  ])
    assert.equal(guards(`Patient?${query}`) > 0, true, query);
  const compartment = { type: "Practitioner", id: "1" };
  const within = parseSystemSearch([["_type", "Patient"]], { compartment });
  assert.match(compileSearch(within, WITHHOLDS).text, GUARD);
  assert.match(compileCount(parse("Patient?name=Ek"), WITHHOLDS).text, GUARD);
});

test("SEARCH-PROTECTED-2 chains, filters, relatives, staff and texts of records leave them out", () => {
  for (const query of [
    "Observation?patient.name=Ek",
    "Observation?subject:Patient.gender=male",
    "Observation?subject:Patient.general-practitioner.name=Ek",
    "Observation?_filter=subject.name eq Ek",
    "Observation?_filter=subject[identifier eq 1].name eq Ek",
    "Observation?_content=Ek",
    "Observation?_filter=_content co Ek",
    "Practitioner?_has:Patient:general-practitioner:_id=1",
    "Practitioner?name=Ek",
    "Practitioner?_sort=family",
    "PractitionerRole?practitioner.name=Ek",
    "RelatedPerson?patient=1&address-city=Lund",
    "RelatedPerson?phone=1",
    "Person?name=Ek",
    "Patient?_has:RelatedPerson:patient:name=Ek",
  ])
    assert.equal(guards(query) > 0, true, query);
  for (const query of [
    "Observation?patient=1",
    "Observation?patient.identifier=200001252386",
    "Observation?patient._id=1",
    "Observation?patient=Patient/1&_content=Ek",
    "Observation?code=1&_sort=date",
    "Practitioner?identifier=SE1",
    "Practitioner?",
    "RelatedPerson?patient=1",
    "PractitionerRole?practitioner=1",
    "Organization?name=Ek",
  ])
    assert.equal(guards(query), 0, query);
  const include = { source: "Patient", parameter: "general-practitioner", target: undefined, iterate: false };
  const targets = [{ type: "Practitioner", id: "1" }];
  assert.match(compileRevinclude(include, targets, WITHHOLDS, 9)?.text ?? "", GUARD);
  assert.equal(compileReferring(targets, WITHHOLDS, 9)?.text.split(GUARD).length, 2);
});

test("SEARCH-PROTECTED-3 whoever may see the protected is asked nothing of it", () => {
  for (const query of ["Patient?name=Ek", "Observation?patient.name=Ek", "Patient?", "RelatedPerson?phone=1"])
    assert.equal(guards(query, SEES), 0, query);
  assert.doesNotMatch(compileSearch(parse("Patient?name=Ek"), SEES).text, /TRUE AND TRUE/);
});
