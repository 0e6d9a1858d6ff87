import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSearch } from "./parse.ts";
import { findsUnstored } from "./unstored.ts";

test("SEARCH-UNSTORED-1 what has no row is found by the same conditions", () => {
  const resource = {
    resourceType: "SearchParameter",
    id: "Patient-name",
    url: "http://hl7.org/fhir/SearchParameter/Patient-name",
    name: "name",
    status: "draft",
    code: "name",
    base: ["Patient", "Person"],
    date: "2019-11-01",
    type: "string",
    description: "Åsas definition",
  };
  const finds = (query: string): boolean =>
    findsUnstored(parseSearch("SearchParameter", [...new URLSearchParams(query)]), resource);
  for (const query of [
    "",
    "url=http://hl7.org/fhir/SearchParameter/Patient-name",
    "code=name&base=Person",
    "base=Observation,Patient",
    "name=NA",
    "description:contains=asas",
    "date=2019",
    "status:not=active",
    "publisher:missing=true",
    "_id=Patient-name",
    "url:below=http://hl7.org/fhir",
    "_filter=code eq name and type eq string",
  ])
    assert.ok(finds(query), query);
  for (const query of [
    "url=http://hl7.org/fhir/SearchParameter/Patient-nam",
    "code=name&base=Observation",
    "status=active",
    "date=gt2020",
    "_tag=x",
    "_lastUpdated=gt2000",
    "_text=definition",
    "_contained=true",
    "component.code=x",
  ])
    assert.ok(!finds(query), query);
});
