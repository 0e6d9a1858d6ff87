import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { CodeSystem, Parameters } from "fhir/r4";
import { expand } from "./expand.ts";
import { lookup } from "./lookup.ts";
import { meaningOf } from "./meaning.ts";
import { subsumes } from "./subsumes.ts";
import { NOW, terminologyOfTest } from "./testing/index.ts";
import { validateInSystem, validateInValueSet } from "./validate-code.ts";

const there = await terminologyOfTest({ after: (work) => after(work as () => Promise<void>) });
const { ask } = there;
const told = ({ parameter }: Parameters, name: string): unknown => {
  const found = parameter?.find((one) => one.name === name);
  return found?.valueBoolean ?? found?.valueString;
};

const LANGUAGES = "urn:ietf:bcp:47";
const UNITS = "http://unitsofmeasure.org";
const COUNTRIES = "urn:iso:std:iso:3166";

test("TERM-GRAMMAR-1 tags, media types, units and countries are judged by grammar or list", async () => {
  const right: Readonly<Record<string, readonly string[]>> = {
    [LANGUAGES]: ["sv", "sv-SE", "SV-se", "en-US-x-private", "zh-Hant-TW", "sms", "es-419", "de-CH-1996"],
    "urn:ietf:bcp:13": ["text/plain", "application/fhir+json; charset=utf-8", "image/svg+xml"],
    [UNITS]: ["mg", "mg/dL", "mm[Hg]", "10*9/L", "{score}", "%", "Cel", "mmol/(24.h)", "1"],
    [COUNTRIES]: ["SE", "FI", "AX"],
  };
  const wrong: Readonly<Record<string, readonly string[]>> = {
    [LANGUAGES]: ["", "zz", "en-XX", "en_US", "x", "sv-", "-sv", "swedish", "sv-Abcd", "a".repeat(200), "sv SE"],
    "urn:ietf:bcp:13": ["text", "text/", "/plain", "text/plain;", "te xt/plain"],
    [UNITS]: ["foo", "mgg", "mg//dL", "mg/", " mg", "MG/DL?"],
    [COUNTRIES]: ["se", "SWE", "752", "XX", "EU", ""],
  };
  const isRight = (system: string, code: string): Promise<unknown> =>
    ask(async (scope) => told(await validateInSystem(scope, [{ system, code }]), "result"));
  for (const [system, codes] of Object.entries(right))
    for (const code of codes) assert.equal(await isRight(system, code), true, `${system} ${code}`);
  for (const [system, codes] of Object.entries(wrong))
    for (const code of codes) assert.equal(await isRight(system, code), false, `${system} ${code}`);
  const verdict = await ask((scope) => validateInSystem(scope, [{ system: UNITS, code: "foo" }]));
  assert.match(String(told(verdict, "message")), /inte känd här/);
  const display = await ask((scope) =>
    lookup({ ...scope, languages: ["sv"] }, { system: LANGUAGES, code: "sv-SE" }, []),
  );
  assert.equal(told(display, "display"), "svenska (Sverige)");
  const dollars = { system: COUNTRIES, code: "SE", display: "Norway" };
  assert.equal(told(await ask((scope) => validateInSystem(scope, [dollars])), "result"), false);
  const set = await ask(({ library }) =>
    library.valueSet({ url: "http://hl7.org/fhir/ValueSet/all-languages", version: undefined }),
  );
  const inSet = (code: string): Promise<unknown> =>
    ask(async (scope) =>
      told(await validateInValueSet(scope, set, [{ system: LANGUAGES, code }], undefined), "result"),
    );
  assert.deepEqual([await inSet("sv-SE"), await inSet("zz")], [true, false]);
});

test("TERM-GRAMMAR-2 what has no end is not listed, and what is stored takes its place", async () => {
  const whole = await ask(({ library }) =>
    library.valueSet({ url: "http://hl7.org/fhir/ValueSet/all-languages", version: undefined }),
  );
  await assert.rejects(
    ask((scope) => expand(scope, whole, { now: NOW })),
    { code: "TERMINOLOGY_TOO_COSTLY" },
  );
  const meaning = await ask((scope) => meaningOf(scope, { ask: "value-set", url: String(whole.url) }));
  assert.deepEqual(meaning, { codings: [], systems: [LANGUAGES] });
  const pair = { system: UNITS, version: undefined, codeA: "g", codeB: "mg" };
  assert.equal(await ask((scope) => subsumes(scope, pair)), "not-subsumed");
  assert.deepEqual((await ask((scope) => meaningOf(scope, { ask: "below", system: UNITS, code: "mg" }))).codings, [
    { system: UNITS, code: "mg" },
  ]);
  await assert.rejects(
    ask((scope) => lookup(scope, { system: LANGUAGES, version: "1", code: "sv" }, [])),
    { code: "TERMINOLOGY_UNKNOWN" },
  );
  const own: CodeSystem = {
    resourceType: "CodeSystem",
    id: "countries",
    url: COUNTRIES,
    status: "active",
    content: "complete",
    concept: [{ code: "SWE" }],
  };
  await there.put(own);
  const isRight = (code: string): Promise<unknown> =>
    ask(async (scope) => told(await validateInSystem(scope, [{ system: COUNTRIES, code }]), "result"));
  assert.deepEqual([await isRight("SWE"), await isRight("SE")], [true, false]);
});
