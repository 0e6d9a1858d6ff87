import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConceptSource } from "../concept.ts";
import { fileOf, terminologyOfTest } from "../testing/index.ts";
import { readAtc } from "./atc.ts";
import type { Draft } from "./draft.ts";
import { readIcd10Se } from "./icd-10-se.ts";
import { importSystem, IMPORT_KINDS, isImportKind } from "./index.ts";
import { readKva } from "./kva.ts";
import { readLoinc } from "./loinc.ts";
import { readNpu } from "./npu.ts";
import { rowsOf, type ImportFile } from "./rows.ts";
import { readSnomed } from "./snomed.ts";

// The rows below have the publishers' form; the texts are our own, since the publishers' may not be copied.

const parents = (draft: Draft): Record<string, string> =>
  Object.fromEntries([...draft.concepts.values()].map(({ code, parents: above }) => [code, [...above].join("+")]));
const columns = (...rows: string[][]): string => `${rows.map((row) => row.join("\t")).join("\n")}\n`;

const snomedFiles = (): ImportFile[] => {
  const isA = "116680003";
  const core = ["20260131", "1", "900000000000207008"];
  const defined = "900000000000073002";
  return [
    fileOf("sct2_Concept_Snapshot_SE_20260531.txt", columns(["id", "effectiveTime", "active", "moduleId", "definitionStatusId"], ["138875005", ...core, "900000000000074008"], ["404684003", ...core, "900000000000074008"], ["73211009", ...core, defined], ["11111006", "20260131", "0", "900000000000207008", defined])),
    fileOf("sct2_Description_Snapshot-en_SE_20260531.txt", columns(["id", "effectiveTime", "active", "moduleId", "conceptId", "languageCode", "typeId", "term", "caseSignificanceId"], ["1", ...core, "138875005", "en", "900000000000003001", 'Root "concept"', "x"], ["2", ...core, "73211009", "en", "900000000000003001", "Sugar illness (disorder)", "x"], ["3", ...core, "73211009", "en", "900000000000013009", "Sugar illness", "x"], ["4", "20260131", "0", "m", "73211009", "en", "900000000000013009", "Gone", "x"])),
    fileOf("sct2_Description_Snapshot-sv_SE_20260531.txt", columns(["id", "effectiveTime", "active", "moduleId", "conceptId", "languageCode", "typeId", "term", "caseSignificanceId"], ["5", ...core, "73211009", "sv", "900000000000013009", "sockersjuka", "x"], ["6", ...core, "73211009", "sv", "900000000000013009", "sjukdom av socker", "x"])),
    fileOf("der2_cRefset_LanguageSnapshot-sv_SE_20260531.txt", columns(["id", "effectiveTime", "active", "moduleId", "refsetId", "referencedComponentId", "acceptabilityId"], ["u", ...core, "46011000052107", "6", "900000000000548007"], ["u", ...core, "46011000052107", "5", "900000000000549004"])),
    fileOf("sct2_Relationship_Snapshot_SE_20260531.txt", columns(["id", "effectiveTime", "active", "moduleId", "sourceId", "destinationId", "relationshipGroup", "typeId", "characteristicTypeId", "modifierId"], ["1", ...core, "404684003", "138875005", "0", isA, "i", "s"], ["2", ...core, "73211009", "404684003", "0", isA, "i", "s"], ["3", ...core, "73211009", "138875005", "0", "363698007", "i", "s"], ["4", "20260131", "0", "m", "404684003", "73211009", "0", isA, "i", "s"])),
  ]; // prettier-ignore
};

test("TERM-IMPORT-ROWS-1 quotes, byte order mark and line breaks within quotes are read as they are meant", async () => {
  const read = async (text: string, separator: string, quoted?: boolean): Promise<string[][]> => {
    const rows: string[][] = [];
    for await (const row of rowsOf(fileOf("f", text), separator, quoted)) rows.push(row);
    return rows;
  };
  assert.deepEqual(await read('\ufeffa,"b ""x"", y"\r\n\n"1\n2",3\n', ","), [
    ["a", 'b "x", y'],
    ["1\n2", "3"],
  ]);
  assert.deepEqual(await read('a "b\tc\n', "\t", false), [['a "b', "c"]]);
  await assert.rejects(read('a,"b\n', ","), /never closed/);
});

test("TERM-IMPORT-ICD-1 ICD-10-SE: plain files by length of code, marks, blocks, and the file with a heading", async () => {
  const draft = await readIcd10Se([
    fileOf("digit3.txt", "\ufeffE10\t\tEgen text ett\nE11\t\tEgen text två\nG63\t*\tEgen text tre\n"),
    fileOf("digit4.txt", "E119\t\tEgen text fyra\nE114\t†\tEgen text fem\n"),
    fileOf("digit5.txt", "E1191\t\tEgen text sex\n"),
    fileOf("block.txt", "E10-E14\tBlock\nE00-E90\tKapitel\n"),
  ]);
  assert.deepEqual(parents(draft), { E10: "E10-E14", E11: "E10-E14", G63: "", E119: "E11", E114: "E11", E1191: "E119", "E10-E14": "E00-E90", "E00-E90": "" }); // prettier-ignore
  assert.deepEqual([draft.concepts.get("E114")?.properties, draft.concepts.get("G63")?.properties], [[{ code: "mark", type: "code", value: "dagger" }], [{ code: "mark", type: "code", value: "asterisk" }]]); // prettier-ignore
  assert.deepEqual([draft.concepts.get("E10-E14")?.abstract, draft.concepts.get("E10")?.abstract], [true, false]);
  const named = await readIcd10Se([
    fileOf("icd-10-se.tsv", "Kod\tTitel\tLatin\nE11.9\tEgen text\tTextus\nE11\tEgen\t\n"),
  ]);
  assert.deepEqual(parents(named), { "E11.9": "E11", E11: "" });
  assert.deepEqual(named.concepts.get("E11.9")?.designations, [{ language: "la", value: "Textus" }]);
  await assert.rejects(readIcd10Se([fileOf("x.txt", "not a code\tx\n")]), /x\.txt/);
});

test("TERM-IMPORT-KVA-1 KVÅ: with and without a heading, groups by the beginnings of codes", async () => {
  const plain = await readKva([
    fileOf("kva.txt", "J\tGrupp\nJK\tUndergrupp\nJKA20\tEgen åtgärd\nDR016\tAnnan åtgärd\n"),
  ]);
  assert.deepEqual(parents(plain), { J: "", JK: "J", JKA20: "JK", DR016: "" });
  assert.deepEqual([plain.concepts.get("JK")?.abstract, plain.concepts.get("JKA20")?.abstract], [true, false]);
  const named = await readKva([
    fileOf("kva.csv", "Kod;Titel;Beskrivning;Utgången\nDR016;Egen;Mer om den;Ja\nDR017;Annan;;\n"),
  ]);
  assert.deepEqual([named.concepts.get("DR016")?.definition, named.concepts.get("DR016")?.active, named.concepts.get("DR017")?.active], ["Mer om den", false, true]); // prettier-ignore
  await assert.rejects(readKva([fileOf("kva.txt", "dr-16\tx\n")]), /kva\.txt/);
});

test("TERM-IMPORT-ATC-1 ATC: five levels, and every daily dose of a substance", async () => {
  const draft = await readAtc([fileOf("atc.csv", "atc_code,atc_name,ddd,uom,adm_r,note\nA,GROUP,NA,NA,NA,NA\nA10,B,NA,NA,NA,NA\nA10B,C,NA,NA,NA,NA\nA10BA,D,NA,NA,NA,NA\nA10BA02,substance,2,g,O,NA\nA10BA02,substance,1,g,P,NA\n")]); // prettier-ignore
  assert.deepEqual(parents(draft), { A: "", A10: "A", A10B: "A10", A10BA: "A10B", A10BA02: "A10BA" });
  assert.deepEqual(
    draft.concepts.get("A10BA02")?.properties.map(({ value }) => value),
    ["2 g O", "1 g P"],
  );
  assert.deepEqual([draft.concepts.get("A10BA")?.abstract, draft.concepts.get("A10BA02")?.abstract], [true, false]);
  const text = await readAtc([fileOf("atc.txt", "N02BE01\tsubstance\nN02BE\tgroup\n")]);
  assert.deepEqual(parents(text), { N02BE01: "N02BE", N02BE: "" });
  await assert.rejects(readAtc([fileOf("atc.txt", "A10\tx\nA1\ty\n")]), /atc\.txt/);
});

test("TERM-IMPORT-NPU-1 NPU: its parts as properties, inactive codes kept as such, a name made when there is none", async () => {
  const draft = await readNpu([fileOf("npu.csv", "npu_code;system;component;kind_of_property;unit;short_definition;active\nNPU00001;Plasma;Something;subst.c.;mmol/L;P—Something;1\nNPU00002;Urin;Other;arb.c.;;;0\n")]); // prettier-ignore
  const [one, two] = [draft.concepts.get("NPU00001"), draft.concepts.get("NPU00002")];
  assert.deepEqual(
    [one?.display, one?.active, two?.display, two?.active],
    ["P—Something", true, "Urin—Other; arb.c. = ?", false],
  );
  assert.deepEqual(
    one?.properties.map(({ code }) => code),
    ["system", "component", "kind-of-property", "unit"],
  );
  await assert.rejects(readNpu([fileOf("npu.csv", "npu_code;unit\n12;x\n")]), /npu\.csv/);
});

test("TERM-IMPORT-LOINC-1 LOINC: codes with their axes, the hierarchy of parts, and translations", async () => {
  const heading =
    "LOINC_NUM,COMPONENT,PROPERTY,TIME_ASPCT,SYSTEM,SCALE_TYP,METHOD_TYP,CLASS,STATUS,SHORTNAME,CLASSTYPE,LONG_COMMON_NAME";
  const draft = await readLoinc([
    fileOf("svSE99LinguisticVariant.csv", '"LOINC_NUM","COMPONENT","LONG_COMMON_NAME"\n"11111-1","Något","Något i något"\n"9-9","x","x"\n'),
    fileOf("Loinc.csv", `"${heading.replaceAll(",", '","')}"\n"11111-1","Thing","MCnc","Pt","Ser","Qn","","CHEM","ACTIVE","Thing SerPl","1","Thing, in ""serum"""\n22222-2,Old,MCnc,Pt,Ser,Qn,,CHEM,DEPRECATED,Old,1,Old thing\n`),
    fileOf("ComponentHierarchyBySystem.csv", "PATH_TO_ROOT,SEQUENCE,IMMEDIATE_PARENT,CODE,CODE_TEXT\n,1,,LP1-1,Part\nLP1-1,1,LP1-1,11111-1,Thing\n"),
  ]); // prettier-ignore
  assert.deepEqual(parents(draft), { "11111-1": "LP1-1", "22222-2": "", "LP1-1": "" });
  const one = draft.concepts.get("11111-1");
  assert.deepEqual(
    [one?.display, one?.active, draft.concepts.get("22222-2")?.active],
    ['Thing, in "serum"', true, false],
  );
  assert.deepEqual(one?.designations.at(-1), { language: "sv-SE", value: "Något i något" });
  assert.ok(one?.properties.some(({ code, value }) => code === "CLASS" && value === "CHEM"));
  await assert.rejects(readLoinc([fileOf("other.csv", "a,b\n")]), /other\.csv/);
});

test("TERM-IMPORT-SNOMED-1 SNOMED CT: Swedish preferred term first, only active is-a, quotes as they stand", async () => {
  const draft = await readSnomed(snomedFiles());
  assert.deepEqual(parents(draft), {
    "138875005": "",
    "404684003": "138875005",
    "73211009": "404684003",
    "11111006": "",
  });
  const one = draft.concepts.get("73211009");
  assert.deepEqual(one?.designations.map(({ language, use }) => `${language} ${use}`), ["sv preferred", "sv synonym", "en synonym", "en fully-specified"]); // prettier-ignore
  assert.deepEqual([one?.display, draft.concepts.get("138875005")?.display, draft.concepts.get("11111006")?.active], ["sjukdom av socker", 'Root "concept"', false]); // prettier-ignore
  await assert.rejects(readSnomed(snomedFiles().slice(0, 4)), /relationship snapshot is missing/);
});

test("TERM-IMPORT-1 what was taken in answers at once: found by synonym, by place, with progress told", async (t) => {
  const { store, ask } = await terminologyOfTest(t);
  const told: string[] = [];
  const onProgress = (stage: string, n: number): void => void told.push(`${stage} ${n}`);
  assert.equal(await importSystem(store, { kind: "snomed", files: snomedFiles(), version: "20260531", onProgress }), 4);
  assert.deepEqual(told, ["read 4", "stored 4"]);
  await ask(async ({ library }) => {
    const source: ConceptSource = await library.system({ url: "http://snomed.info/sct", version: undefined });
    assert.deepEqual([...((await source.ancestors(["73211009"])).get("73211009") ?? [])].toSorted(), [
      "138875005",
      "404684003",
    ]);
    assert.equal((await source.find(["73211009"])).get("73211009")?.display, "sjukdom av socker");
  });
});

test("TERM-IMPORT-2 a hierarchy that runs in a ring, no file, no concept or no version is refused and changes nothing", async (t) => {
  const { store, ask } = await terminologyOfTest(t);
  const files = snomedFiles();
  const [concepts, , , , relationships] = files;
  assert.ok(concepts !== undefined && relationships !== undefined);
  const ring = { ...relationships, lines: async function* () { yield* relationships.lines(); yield ["9", "2", "1", "m", "138875005", "73211009", "0", "116680003", "i", "s"].join("\t"); } }; // prettier-ignore
  const take = (given: ImportFile[], version = "1"): Promise<number> =>
    importSystem(store, { kind: "snomed", files: given, version });
  await assert.rejects(take([...files.slice(0, 4), ring]), /ring/);
  await assert.rejects(take([]), /No file/);
  await assert.rejects(take(files, ""), /version/);
  await assert.rejects(
    importSystem(store, { kind: "npu", files: [fileOf("npu.csv", "npu_code\n")], version: "1" }),
    /no concept/,
  );
  assert.deepEqual(await ask(({ library }) => library.tables.allSystems()), []);
  assert.deepEqual([isImportKind("atc"), isImportKind("toString"), IMPORT_KINDS.length], [true, false, 6]);
});

test("TERM-IMPORT-PREFIX-1 a chain of ranges and of beginnings leads to the top", async (t) => {
  const { store, ask } = await terminologyOfTest(t);
  const files = [fileOf("a.txt", "E11\tx\nE119\ty\n"), fileOf("b.txt", "E00-E90\tk\nE10-E14\tb\n")];
  await importSystem(store, { kind: "icd-10-se", files, version: "2026" });
  await ask(async ({ library }) => {
    const source = await library.system({ url: "urn:oid:1.2.752.116.1.1.1.1.3", version: "2026" });
    assert.deepEqual([...((await source.ancestors(["E119"])).get("E119") ?? [])].toSorted(), [
      "E00-E90",
      "E10-E14",
      "E11",
    ]);
  });
});
