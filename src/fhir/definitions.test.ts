import assert from "node:assert/strict";
import { test } from "node:test";
import {
  definitionTextsOf,
  isError,
  parseJson,
  RESOURCE_TYPES,
  searchParametersOf,
  validateResource,
  type JsonObject,
} from "./index.ts";

test("FHIR-DEFINITION-1 R4's own definitions are there as published, valid and once", () => {
  const counts = [
    ["SearchParameter", 1378],
    ["OperationDefinition", 46],
    ["CompartmentDefinition", 5],
  ] as const;
  for (const [type, count] of counts) {
    const texts = definitionTextsOf(type);
    assert.equal(texts.size, count, type);
    for (const [id, text] of texts) {
      const definition = parseJson(text) as JsonObject;
      assert.deepEqual([definition["resourceType"], definition["id"]], [type, id]);
      assert.ok(String(definition["url"]).startsWith(`http://hl7.org/fhir/${type}/`), id);
    }
  }
  for (const [id, text] of [...definitionTextsOf("CompartmentDefinition"), ...definitionTextsOf("OperationDefinition")])
    assert.deepEqual(validateResource(parseJson(text) as JsonObject).filter(isError), [], id);
  const own = definitionTextsOf("SearchParameter");
  for (const type of RESOURCE_TYPES)
    for (const { id, name } of searchParametersOf(type)) assert.ok(own.has(id), `${type}.${name}: ${id}`);
  assert.equal(definitionTextsOf("Patient").size + definitionTextsOf("toString").size, 0);
});
