import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { CodeSystem, Parameters } from "fhir/r4";
import { expand } from "./expand.ts";
import { hl7Systems, hl7SystemsWith } from "./hl7.ts";
import { lookup } from "./lookup.ts";
import { meaningOf } from "./meaning.ts";
import { subsumes } from "./subsumes.ts";
import { NOW, terminologyOfTest } from "./testing/index.ts";
import { translate } from "./translate.ts";
import { validateInSystem, validateInValueSet } from "./validate-code.ts";

const GENDER = "http://hl7.org/fhir/administrative-gender";
const ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const there = await terminologyOfTest({ after: (work) => after(work as () => Promise<void>) });
const isRight = ({ parameter }: Parameters): unknown => parameter?.find(({ name }) => name === "result")?.valueBoolean;

test("TERM-HL7-1 R4's own code systems, value sets and maps answer without being stored", async () => {
  const { ask } = there;
  assert.ok(hl7Systems().length > 1000);
  const told = await ask((scope) => lookup(scope, { system: GENDER, code: "male" }, []));
  assert.equal(told.parameter?.find(({ name }) => name === "display")?.valueString, "Male");
  await assert.rejects(
    ask((scope) => lookup(scope, { system: GENDER, code: "none" }, [])),
    { code: "CODE_UNKNOWN" },
  );
  await assert.rejects(
    ask((scope) => lookup(scope, { system: GENDER, version: "5.0.0", code: "male" }, [])),
    { code: "TERMINOLOGY_UNKNOWN" },
  );
  const above = { system: ACT, version: undefined, codeA: "_ActEncounterCode", codeB: "AMB" };
  assert.equal(await ask((scope) => subsumes(scope, above)), "subsumes");
  const url = "http://hl7.org/fhir/ValueSet/observation-category";
  const set = await ask(({ library }) => library.valueSet({ url, version: "4.0.1" }));
  const { expansion } = await ask((scope) => expand(scope, set, { now: NOW, identifier: "urn:uuid:1" }));
  assert.deepEqual([expansion?.contains?.length, expansion?.identifier, expansion?.timestamp], [9, "urn:uuid:1", NOW]);
  const laboratory = { system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" };
  assert.equal(isRight(await ask((scope) => validateInValueSet(scope, set, [laboratory], undefined))), true);
  const meaning = await ask((scope) => meaningOf(scope, { ask: "value-set", url }));
  assert.deepEqual([meaning.codings.length, meaning.systems], [9, []]);
  const coding = { system: "http://hl7.org/fhir/address-use", code: "home" };
  const mapped = await ask((scope) => translate(scope, undefined, [coding], { reverse: false }));
  assert.equal(isRight(mapped), true);
});

test("TERM-HL7-1 what is stored takes its place", async () => {
  const own: CodeSystem = {
    resourceType: "CodeSystem",
    id: "own",
    url: GENDER,
    status: "active",
    content: "complete",
    concept: [{ code: "only" }],
  };
  await there.put(own);
  const { ask } = there;
  assert.equal(isRight(await ask((scope) => validateInSystem(scope, [{ system: GENDER, code: "only" }]))), true);
  assert.equal(isRight(await ask((scope) => validateInSystem(scope, [{ system: GENDER, code: "male" }]))), false);
});

test("TERM-HL7-2 a code alone is looked for where something lies below another", async () => {
  assert.ok(hl7SystemsWith("AMB").includes(ACT));
  assert.deepEqual(hl7SystemsWith("male"), []);
  const meaning = await there.ask((scope) =>
    meaningOf(scope, { ask: "below", system: undefined, code: "_ActEncounterCode" }),
  );
  assert.ok(meaning.codings.some(({ system, code }) => system === ACT && code === "AMB"));
});

test("TERM-VALIDATE-3 in a code system that is sent along", async () => {
  const sent: CodeSystem = {
    resourceType: "CodeSystem",
    status: "active",
    content: "complete",
    concept: [{ code: "a" }],
  };
  const judge = (code: string): Promise<Parameters> =>
    there.ask((scope) => validateInSystem(scope, [{ system: "urn:sent", code }], sent));
  assert.deepEqual([isRight(await judge("a")), isRight(await judge("b"))], [true, false]);
});
