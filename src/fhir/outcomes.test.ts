/** The error catalogue and the outcomes made from it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  FhirError,
  fhirError,
  fhirErrorAt,
  fhirErrorWith,
  informationOutcome,
  isError,
  outcomeOf,
  OUTCOMES,
  safeWord,
  validateResource,
  type Issue,
  type OutcomeCode,
} from "./index.ts";

const NEEDED = (
  "BODY_NOT_JSON BODY_EMPTY BODY_TOO_LARGE CONTENT_TYPE NOT_ACCEPTABLE TYPE_UNKNOWN TYPE_MISMATCH ID_INVALID ID_MISMATCH ID_MISSING NOT_FOUND GONE " +
  "VERSION_CONFLICT PRECONDITION_FAILED MULTIPLE_MATCHES IF_MATCH_INVALID CONFLICT DUPLICATE REFERENCE_NOT_FOUND REFERENCE_IN_USE INVALID PATCH_INVALID " +
  "PATCH_TEST_FAILED SEARCH_PARAM_UNKNOWN SEARCH_MODIFIER_UNKNOWN SEARCH_VALUE_INVALID SEARCH_TOO_COSTLY METHOD_NOT_ALLOWED NOT_SUPPORTED UNAUTHENTICATED " +
  "FORBIDDEN TOO_MANY_REQUESTS UNAVAILABLE OUTCOME_UNKNOWN INTERNAL"
).split(" ");

test("FHIR-OUTCOME-1 the catalogue is whole: each entry has a status, texts in both languages and a runbook line", () => {
  for (const code of NEEDED) assert.ok(Object.hasOwn(OUTCOMES, code), code);
  for (const [code, { status, sv, en, runbook }] of Object.entries(OUTCOMES)) {
    assert.ok(status >= 400 && status < 600, code);
    assert.ok(sv.length > 10 && en.length > 10 && runbook.length > 10, code);
    assert.notEqual(sv, en, code);
    const holes = (text: string): string => [...text.matchAll(/\{\d\}/g)].map(String).toSorted().join();
    assert.equal(holes(sv), holes(en), `${code} says the same in both languages`);
  }
});

test("FHIR-OUTCOME-1 only what is our fault is a 5xx", () => {
  const ours = Object.entries(OUTCOMES)
    .filter(([, { status }]) => status >= 500)
    .map(([code]) => code);
  assert.deepEqual(ours.toSorted(), ["INTERNAL", "OUTCOME_UNKNOWN", "UNAVAILABLE"]);
});

test("FHIR-OUTCOME-2 an error becomes an OperationOutcome that is valid FHIR, in Swedish or English", () => {
  for (const code of Object.keys(OUTCOMES) as OutcomeCode[]) {
    const error = fhirErrorAt(code, "Patient.name[0]", "one", "two", "three");
    assert.ok(error instanceof FhirError && error instanceof Error && error.status === OUTCOMES[code].status);
    assert.deepEqual(validateResource(error.toOutcome()), [], code);
    const text = (language: "sv" | "en"): string => JSON.stringify(error.toOutcome(language));
    assert.ok(!text("sv").includes("{") || !/\{\d\}/.test(text("sv")));
    assert.notEqual(text("sv"), text("en"));
  }
  assert.deepEqual(fhirError("TYPE_UNKNOWN", "Patien").toOutcome(), {
    resourceType: "OperationOutcome",
    issue: [
      {
        severity: "error",
        code: "not-supported",
        details: {
          coding: [{ system: "urn:x-eira:outcome", code: "TYPE_UNKNOWN" }],
          text: "Resurstypen Patien finns inte i FHIR R4.",
        },
        diagnostics: "There is no resource type Patien in FHIR R4.",
        expression: undefined,
      },
    ],
  });
});

test("FHIR-OUTCOME-2 carries many issues, and always at least one", () => {
  const issues: readonly Issue[] = validateResource({ resourceType: "Patient", active: 1, gender: "x" });
  const error = fhirErrorWith("INVALID", issues);
  assert.equal(error.issues.length, 2);
  assert.deepEqual(validateResource(error.toOutcome("en")), []);
  assert.equal(fhirErrorWith("INVALID", []).issues.length, 1);
});

test("FHIR-OUTCOME-3 tells errors from warnings and information", () => {
  const issue = (severity: Issue["severity"]): Issue => ({ severity, code: "informational", sv: "a", en: "b" });
  assert.deepEqual(
    ["fatal", "error", "warning", "information"].map((severity) => isError(issue(severity as Issue["severity"]))),
    [true, true, false, false],
  );
  assert.deepEqual(validateResource(informationOutcome("Borttagen.", "Deleted.")), []);
  assert.match(JSON.stringify(outcomeOf([issue("warning")], "en")), /"text":"b"/);
});

test("FHIR-OUTCOME-4 an identity number in a caller's word is not shown or logged", () => {
  for (const word of [
    "191212121212",
    "19121212-1212",
    "121212+1212",
    "Patient?identifier=19121212-1212",
    "pnr 191212721219!",
    "20010180-T12C".replace("T12C", "1T2C").replace("1T2C", "1232"),
  ]) {
    assert.doesNotMatch(fhirError("SEARCH_PARAM_UNKNOWN", word, "Patient").message, /\d{4}/, word);
  }
  assert.equal(
    safeWord("Observation/3f2b8c1e-9f1a-4c7e-8a51-446655440000"),
    "Observation/3f2b8c1e-9f1a-4c7e-8a51-446655440000",
  );
  assert.equal(safeWord("value-quantity"), "value-quantity");
});

test("FHIR-OUTCOME-2 a sentence for which nothing is known is left out, and our own phrases are in the text's language", () => {
  assert.equal(
    fhirError("SEARCH_VALUE_INVALID", "date").issues[0]?.sv,
    "Värdet för sökparametern date går inte att tolka.",
  );
  const error = fhirError("PATCH_INVALID", { sv: "sökvägen finns inte", en: "the path does not exist" });
  assert.equal(error.issues[0]?.sv, "Ändringen (patch) kan inte utföras: sökvägen finns inte.");
  assert.equal(error.issues[0]?.en, "The patch cannot be applied: the path does not exist.");
});

test("FHIR-OUTCOME-4 a caller's word is short and printable", () => {
  assert.equal(safeWord("a".repeat(500)).length, 80);
  assert.equal(safeWord("a\u0000b\nc\u202ed"), "a?b?c?d");
  assert.ok(!/[\ud800-\udfff]/.test(safeWord("a".repeat(78) + "😀".repeat(20)).replace("😀", "")));
});
