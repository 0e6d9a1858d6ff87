import assert from "node:assert/strict";
import { test } from "node:test";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { answerFault } from "./answer.ts";

const ANSWER = { resourceType: "DiagnosticReport", status: "final", basedOn: [{ reference: "ServiceRequest/s" }] };

test("BASE-WORDS-14 an empty, blank or cut answer is told, and what says something is not", () => {
  const kind = (more: object): string | undefined => answerFault({ ...ANSWER, ...more })?.kind;
  assert.equal(kind({}), "empty");
  assert.equal(kind({ status: "corrected" }), "empty");
  assert.equal(kind({ resourceType: "Observation" }), "empty");
  for (const conclusion of ["", " ", "\n\t", "\u00a0", "\u200b\ufeff"])
    assert.equal(kind({ conclusion }), "blank", JSON.stringify(conclusion));
  assert.equal(kind({ resourceType: "Observation", valueString: " " }), "blank");
  const data = Buffer.from("Ingen fraktur.").toString("base64");
  const attached = (size: number, part = data): object => ({
    presentedForm: [{ contentType: "text/plain", data: part, size }],
  });
  assert.equal(kind(attached(14)), undefined);
  assert.equal(kind(attached(15)), "cut");
  assert.equal(kind(attached(14, data.slice(0, 12))), "cut");
  for (const more of [
    { conclusion: "Neg" },
    { result: [{}] },
    { status: "registered" },
    { status: "cancelled" },
    { basedOn: undefined },
  ])
    assert.equal(kind(more), undefined);
  for (const more of [{ valueInteger: 0 }, { dataAbsentReason: {} }, { hasMember: [{}] }])
    assert.equal(kind({ resourceType: "Observation", ...more }), undefined);
  assert.equal(answerFault({}), undefined);
});

test("BASE-WORDS-14 none of the official examples is a faulty answer", () => {
  const folder = dirname(createRequire(import.meta.url).resolve("hl7.fhir.r4.examples/package.json"));
  const files = readdirSync(folder).filter((name) => /^(?:DiagnosticReport|Observation)-/.test(name));
  assert.ok(files.length > 50);
  for (const name of files)
    assert.equal(answerFault(JSON.parse(readFileSync(join(folder, name), "utf8")) as object), undefined, name);
});
