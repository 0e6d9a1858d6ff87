/** Rules of SPEC.md: how a source file of the directory is read and judged. No database. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { counted, directories, example, exampleText, membersOf, type SourceFile } from "../testing/index.ts";
import { EMPTY } from "./model.ts";
import { readSource } from "./source.ts";
import { ANALYSIS_RULE, targetOf } from "./target.ts";

const TODAY = "2026-11-22";
const SEED = 20261122;
const ID = "TSTNMT2321009999";

/** What is wrong with a file, as `place sentence` in Swedish; nothing when it is right. */
function wrong(text: string): string[] {
  const read = readSource(text);
  const judged = "problems" in read ? read : targetOf(read.source, EMPTY, TODAY);
  return "problems" in judged ? judged.problems.map(({ path, sv }) => `${path} ${sv}`) : [];
}

function changed(change: (file: SourceFile) => void): string[] {
  const file = example();
  change(file);
  return wrong(counted(file));
}

function matches(found: readonly string[], ...patterns: readonly RegExp[]): void {
  assert.equal(found.length, patterns.length, found.join("\n"));
  for (const [at, pattern] of patterns.entries()) assert.match(found[at] ?? "", pattern);
}

test("CLIN-DIRECTORY-1 the documented example is right, and everything that is wrong with a file is said at once with its place", () => {
  assert.deepEqual(wrong(exampleText()), []);
  assert.deepEqual(wrong(`\uFEFF${exampleText()}`), []);
  matches(
    changed((file) => {
      Object.assign(file.person[0] ?? {}, { personHsaId: "SE123-1", title: "", protectedPerson: "ja" });
      Object.assign(file.person[2] ?? {}, { personHsaId: `${ID}-P002` });
      Object.assign(file.healthCareUnit[1] ?? {}, { healthCareUnitEndDate: "2019-02-30", helthCareUnitName: "x" });
      Object.assign(file.healthCareUnit[2] ?? {}, {
        healthCareUnitStartDate: "2026-05-01",
        healthCareUnitEndDate: "2026-04-30",
      });
      Object.assign(file.commission[0] ?? {}, { healthCareUnitHsaId: undefined, commissionPurpose: "Nyfikenhet" });
      Object.assign(file.commission[1] ?? {}, { commissionHsaId: `${ID}-P004` });
      Object.assign(file.role[0] ?? {}, { analysisDate: undefined });
    }),
    /^healthCareUnit\[1\]\.healthCareUnitEndDate «2019-02-30» är ingen dag/,
    /^healthCareUnit\[1\]\.helthCareUnitName är inget fält/,
    /^healthCareUnit\[2\]\.healthCareUnitEndDate slutar 2026-04-30, före början/,
    /^role\[0\]\.analysisDate saknas/,
    /^person\[0\]\.personHsaId «SE123-1» är inget HSA-id/,
    /^person\[0\]\.title är tom/,
    /^person\[0\]\.protectedPerson ska vara true eller false/,
    /^person\[2\]\.personHsaId «.*P002» finns redan \(person\[1\]\)/,
    /^commission\[0\]\.commissionPurpose «Nyfikenhet» är inte någon av/,
    /^commission\[0\]\.healthCareUnitHsaId saknas/,
    /^commission\[1\] HSA-id «.*P004» är redan något annat/,
  );
  const both = readSource("{");
  assert.ok("problems" in both && both.problems.every(({ sv, en }) => sv !== "" && en !== "" && sv !== en));
  matches(wrong("[]"), / ska vara ett objekt/, /^format saknas/);
  matches(
    changed((file) => file.person.push({ ...file.person[0] })),
    /finns redan \(person\[0\]\)/,
  );
  matches(wrong(exampleText().replace('"member": 6', '"member": 7')), /^count\.member filen säger 7 men har 6/);
  matches(
    wrong(exampleText().replace('"roleId": "lakare",', '"roleId": "lakare", "roleId": "lakare",')),
    /inte hel JSON/,
  );
});

test("CLIN-DIRECTORY-1 no text is a fault, however it was mangled", () => {
  const text = exampleText();
  const values = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value));
  const cut = fc.tuple(fc.nat(text.length), fc.nat(40), fc.oneof(values, fc.string(), fc.constant("")));
  fc.assert(
    fc.property(cut, ([at, length, instead]) => {
      const read = readSource(text.slice(0, at) + instead + text.slice(at + length));
      if ("source" in read) targetOf(read.source, EMPTY, TODAY);
      else assert.ok(read.problems.length > 0);
    }),
    { seed: SEED, numRuns: 1500 },
  );
  const places = ["healthCareProvider", "healthCareUnit", "role", "person", "commission", "count"];
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 4 }), (place, value) => {
      const read = readSource(JSON.stringify({ ...example(), [place]: value }));
      if ("source" in read) targetOf(read.source, EMPTY, TODAY);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test("CLIN-DIRECTORY-6 a file that was cut off at any character is refused", () => {
  const text = exampleText().trimEnd();
  for (let end = 0; end < text.length; end += 1) assert.notDeepEqual(wrong(text.slice(0, end)), [], `cut at ${end}`);
});

test("CLIN-DIRECTORY-2 what refers to nothing, goes in a circle or lies about its care provider is refused", () => {
  matches(
    changed((file) => {
      Object.assign(file.commission[0] ?? {}, { healthCareUnitHsaId: `${ID}-9999`, roleId: "ingen" });
      Object.assign(file.commission[4] ?? {}, { member: [{ personHsaId: `${ID}-P999` }] });
    }),
    /^commission\[0\]\.healthCareUnitHsaId enheten «.*9999» finns inte/,
    /^commission\[0\]\.roleId rollen «ingen» finns inte/,
    /^commission\[2\]\.member\[0\] «.*P001» har inget eget uppdrag/,
    /^commission\[3\]\.member\[0\] «.*P001» har inget eget uppdrag/,
    /^commission\[4\]\.member\[0\]\.personHsaId personen «.*P999» finns inte/,
  );
  matches(
    changed((file) => Object.assign(file.healthCareUnit[0] ?? {}, { parentHsaId: `${ID}-0110` })),
    /cirkel/,
    /cirkel/,
  );
  matches(
    changed((file) => Object.assign(file.healthCareUnit[2] ?? {}, { parentHsaId: `${ID}-4` })),
    /«.*-4» finns inte/,
  );
  matches(
    changed((file) => {
      file.healthCareProvider.push({ healthCareProviderHsaId: `${ID}-0002`, healthCareProviderName: "Annan" });
      Object.assign(file.healthCareUnit[1] ?? {}, { healthCareProviderHsaId: `${ID}-0002` });
    }),
    /är «.*0002», men det som enheten är del av hör till «.*0001»/,
  );
  matches(
    changed((file) => Object.assign(file.commission[4] ?? {}, { healthCareUnitHsaId: `${ID}-0100` })),
    /«Exempelsjukhuset» är ingen vårdenhet/,
  );
});

test("CLIN-DIRECTORY-2 a role without a need-and-risk analysis is known and cannot be used", () => {
  matches(
    changed((file) => Object.assign(file.commission[4] ?? {}, { roleId: "forskare" })),
    new RegExp(`^commission\\[4\\]\\.roleId «Forskare»: ${ANALYSIS_RULE.sv.replaceAll(/[().]/g, "\\$&")}`),
  );
  matches(
    changed((file) => Object.assign(file.role[0] ?? {}, { analysisDate: "2026-11-23" })),
    /är inte än/,
  );
  const [whole, part] = [
    readSource(exampleText()),
    readSource(counted({ ...example(), commission: [], person: [], role: [{ roleId: "lakare", roleName: "Läkare" }] })),
  ];
  assert.ok("source" in whole && "source" in part);
  const known = targetOf(whole.source, EMPTY, TODAY);
  assert.ok("target" in known);
  const judged = targetOf(part.source, known.target, TODAY);
  assert.ok("problems" in judged);
  assert.match(judged.problems[0]?.sv ?? "", /^2 uppdrag som inte står i filen har rollen/);
});

test("CLIN-DIRECTORY-3 students, deputies and delegations are for a time and under somebody who is there", () => {
  const member = (file: SourceFile, at: number): object => membersOf(file, at)[0] ?? {};
  matches(
    changed((file) => {
      Object.assign(file.person[2] ?? {}, { personEndDate: undefined }); // else the assignment ends with the person
      Object.assign(member(file, 2), { endDate: undefined });
    }),
    /endDate behöver både början och slut/,
  );
  matches(
    changed((file) => Object.assign(member(file, 3), { endDate: "2027-10-02" })),
    /högst ett år/,
  );
  assert.deepEqual(
    changed((file) => Object.assign(member(file, 3), { endDate: "2027-10-01" })),
    [],
  );
  matches(
    changed((file) => Object.assign(member(file, 2), { supervisorHsaId: `${ID}-P003` })),
    /till sig själv/,
  );
  matches(
    changed((file) => Object.assign(member(file, 2), { supervisorHsaId: undefined })),
    /supervisorHsaId saknas/,
  );
  matches(
    changed((file) => Object.assign(member(file, 3), { task: undefined })),
    /task saknas/,
  );
  matches(
    changed((file) => Object.assign(member(file, 0), { startDate: "2026-09-02" })),
    /«.*P001» har inget eget uppdrag vid enheten hela tiden/,
  );
  matches(
    changed((file) => Object.assign(member(file, 0), { kind: "chef" })),
    /kind «chef» är inte någon av/,
  );
});

test("CLIN-DIRECTORY-3 an assignment holds no longer than the person, the unit and the care provider do", () => {
  const file = example();
  Object.assign(file.healthCareUnit[0] ?? {}, { healthCareUnitEndDate: "2027-03-31T23:59:59" });
  Object.assign(file.person[1] ?? {}, { personStartDate: "2025-01-01" });
  const commissions = file.commission.filter((_, at) => at !== 3);
  const read = readSource(counted({ ...file, commission: commissions }));
  assert.ok("source" in read);
  const judged = targetOf(read.source, EMPTY, TODAY);
  assert.ok("target" in judged);
  const spans = [...judged.target.duties.values()].map(({ person, span }) => [person.slice(-4), span.from, span.until]);
  assert.deepEqual(spans, [
    ["P001", "2024-01-01", "2027-03-31"],
    ["P002", "2025-01-01", "2027-03-31"],
    ["P004", "2025-06-01", "2027-03-31"],
    ["P003", "2026-09-01", "2027-01-15"],
    ["P001", "2026-01-01", "2026-12-31"],
  ]);
  matches(
    changed((one) => Object.assign(one.person[1] ?? {}, { personEndDate: "2023-12-31" })),
    /gäller ingen dag/,
    /gäller ingen dag/,
  );
});

test("CLIN-DIRECTORY-1 generated directories are read", () => {
  fc.assert(
    fc.property(directories, (file) => {
      assert.ok("source" in readSource(counted(file)));
    }),
    { seed: SEED, numRuns: 100 },
  );
});
