/** Rules of SPEC.md in this folder: what goes in and out, the access log, code systems. One installation for all. */
import assert from "node:assert/strict";
import { createReadStream, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { createGunzip, gzipSync } from "node:zlib";
import { profileFolders } from "../fhir/testing/index.ts";
import { Installation } from "./testing/index.ts";

const installation = await Installation.lent({ after });

const SYNTHEA = resolve("../shared/data/synthea-100.ndjson.gz");

const byText = (a = "", b = ""): number => a.localeCompare(b);

type Report = {
  bundles: number;
  in: number;
  stored: number;
  problems: number;
  types: Record<string, [number, number]>;
};

function bundle(name: string, value = "6.0", extra: readonly object[] = []): string {
  const entry = [
    {
      fullUrl: `urn:uuid:${name}`,
      resource: { resourceType: "Patient", name: [{ family: name }] },
      request: { method: "POST", url: "Patient" },
    },
    {
      resource: {
        resourceType: "Observation",
        status: "final",
        code: { text: "x" },
        subject: { reference: `urn:uuid:${name}` },
        valueQuantity: { value: 0, unit: "mg" },
      },
      request: { method: "POST", url: "Observation" },
    },
    ...extra,
  ];
  return JSON.stringify({ resourceType: "Bundle", type: "transaction", entry }).replace(
    '"value":0',
    `"value":${value}`,
  );
}

async function importFile(
  name: string,
  content: string | Buffer,
): Promise<{ code: number; report: Report; told: string }> {
  const file = join(installation.folder, name);
  writeFileSync(file, content);
  const { code, printed, told } = await installation.run("import", file);
  return { code, report: JSON.parse(printed.at(-1) ?? "") as Report, told };
}

async function exported(name: string): Promise<Map<string, string[]>> {
  const folder = join(installation.folder, name);
  assert.equal((await installation.run("export", folder)).code, 0);
  return new Map(
    readdirSync(folder).map((file) => [
      file.replace(".ndjson", ""),
      readFileSync(join(folder, file), "utf8").trim().split("\n"),
    ]),
  );
}

test("CLI-IMPORT-1 what goes in is there, counted in the database, numbers as written", async () => {
  const { code, report } = await importFile("two.ndjson", `${bundle("A")}\n\n${bundle("B", "1.00")}\n`);
  assert.equal(code, 0);
  assert.deepEqual(report, {
    bundles: 2,
    in: 4,
    stored: 4,
    problems: 0,
    types: { Observation: [2, 2], Patient: [2, 2] },
  });
  const one = await importFile("one.json", bundle("C", "123456789.1234567891"));
  const zipped = await importFile("zip.ndjson.gz", gzipSync(`${bundle("D")}\n`));
  assert.deepEqual([one.report.stored, zipped.report.stored], [2, 2]);
  const observations = (await exported("first")).get("Observation") ?? [];
  assert.deepEqual(
    observations.map((text) => /"value":([^,}]+)/.exec(text)?.[1]).toSorted(byText),
    ["1.00", "123456789.1234567891", "6.0", "6.0"].toSorted(byText),
  );
  for (const text of observations) assert.match(text, /"reference":"Patient\/e[0-9a-z]{25}"/);
});

test("CLI-IMPORT-2 the same file again adds nothing", async () => {
  const again = await importFile("two.ndjson", `${bundle("A")}\n${bundle("B", "1.00")}\n`);
  assert.deepEqual([again.code, again.report.in, again.report.stored], [0, 4, 4]);
  assert.equal((await exported("second")).get("Patient")?.length, 4);
});

test("CLI-IMPORT-3 a refused bundle is named and the others go in", async () => {
  const bad = bundle("E", "1", [
    {
      resource: { resourceType: "Observation", status: "maybe", code: { text: "x" } },
      request: { method: "POST", url: "Observation" },
    },
  ]);
  const { code, report, told } = await importFile(
    "bad.ndjson",
    `${bundle("F")}\n${bad}\n{"resourceType":"Bundle"\n${bundle("G")}\n`,
  );
  assert.equal(code, 1);
  assert.deepEqual([report.bundles, report.stored, report.problems], [4, 4, 2]);
  assert.match(told, /bundle 2: .*Bundle\.entry\[2\]\.resource\.status/);
  assert.match(told, /bundle 3: .*not valid JSON/);
  const families = ((await exported("third")).get("Patient") ?? []).map((text) => /"family":"(\w)"/.exec(text)?.[1]);
  assert.deepEqual(families.toSorted(byText).join(""), "ABCDFG");
});

test("CLI-IMPORT-5 a folder or package of definitions is taken in, and what claims its profiles is held against them", async () => {
  // One of them is enough: the profiles of the others are tested where they are compiled.
  for (const folder of profileFolders().slice(0, 1)) {
    const { code, printed, told } = await installation.run("import", folder);
    const report = JSON.parse(printed.at(-1) ?? "") as Report;
    assert.deepEqual([code, report.problems, report.in], [0, 0, report.stored], told);
    assert.ok((report.types["StructureDefinition"]?.[1] ?? 0) >= 9, told);
    assert.deepEqual(Object.keys(report.types).filter((type) => !/^(?:CodeSystem|ConceptMap|StructureDefinition|ValueSet)$/.test(type)), []); // prettier-ignore
  }
  const url = "urn:test:packed";
  const definition = {
    resourceType: "StructureDefinition",
    id: "packed",
    url,
    name: "Packed",
    status: "active",
    kind: "resource",
    abstract: false,
    type: "Patient",
    derivation: "constraint",
    baseDefinition: "http://hl7.org/fhir/StructureDefinition/Patient",
    differential: { element: [{ id: "Patient.birthDate", path: "Patient.birthDate", min: 1 }] },
  };
  const archive = gzipSync(tarOf({ "package/package.json": "{}", "package/a.json": JSON.stringify(definition), "package/example/b.json": "{" })); // prettier-ignore
  writeFileSync(join(installation.folder, "packed.tgz"), archive);
  const packed = await installation.run("import", join(installation.folder, "packed.tgz"));
  assert.equal(packed.code, 0, packed.told);
  const claim = (profile: string, more: object): string =>
    JSON.stringify({
      resourceType: "Bundle",
      type: "transaction",
      entry: [
        {
          resource: { resourceType: "Patient", meta: { profile: [profile] }, ...more },
          request: { method: "POST", url: "Patient" },
        },
      ],
    });
  const base = "http://hl7.se/fhir/ig/base/StructureDefinition/SEBasePatient";
  const lines = [
    claim(url, { birthDate: "1912-12-12" }),
    claim(url, {}),
    claim(base, { name: [{ family: "Ek" }, { family: "Al" }] }),
  ];
  const { report, told } = await importFile("claims.ndjson", `${lines.join("\n")}\n`);
  const isShared = profileFolders().length === 3;
  assert.deepEqual([report.stored, report.problems], isShared ? [1, 2] : [2, 1], told);
  assert.match(told, /bundle 2: .*urn:test:packed.*Bundle\.entry\[0\]\.resource\.birthDate/);
  if (isShared) assert.match(told, /bundle 3: .*SEBasePatient.*Bundle\.entry\[0\]\.resource\.name/);
});

/** A tar archive of these files. */
function tarOf(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(Buffer.byteLength(text).toString(8).padStart(11, "0"), 124);
    header.write("0", 156);
    const body = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 512) * 512);
    body.write(text);
    return [header, body];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

test("CLI-IMPORT-4 the 100 synthetic patients go in and are all there", async (t) => {
  if (!existsSync(SYNTHEA)) {
    assert.notEqual(process.env["CI"], "true", `${SYNTHEA} is missing, and CI must not go without it`);
    t.skip(`${SYNTHEA} IS MISSING: the import of the 100 synthetic patients is NOT tested`);
    return;
  }
  const { code, printed } = await installation.run("import", SYNTHEA);
  const report = JSON.parse(printed.at(-1) ?? "") as Report;
  assert.deepEqual([code, report.bundles, report.in, report.stored, report.problems], [0, 100, 27_730, 27_730, 0]);
  const counts: Record<string, number> = {};
  for await (const line of createInterface({ input: createReadStream(SYNTHEA).pipe(createGunzip()) })) {
    for (const { resource } of (JSON.parse(line) as { entry: { resource: { resourceType: string } }[] }).entry) {
      counts[resource.resourceType] = (counts[resource.resourceType] ?? 0) + 1;
    }
  }
  assert.deepEqual(
    Object.fromEntries(Object.entries(report.types).map(([type, [, stored]]) => [type, stored])),
    counts,
  );
});

test("CLI-EXPORT-1 everything current, one file a type, and a type alone", async () => {
  const all = await exported("fourth");
  const folder = join(installation.folder, "patients");
  const { printed } = await installation.run("export", folder, "--type", "Patient");
  const alone = readFileSync(join(folder, "Patient.ndjson"), "utf8").trim().split("\n");
  assert.deepEqual(readdirSync(folder), ["Patient.ndjson"]);
  assert.deepEqual(alone.toSorted(byText), all.get("Patient")?.toSorted(byText));
  assert.deepEqual(JSON.parse(printed.at(-1) ?? ""), { resources: alone.length, types: { Patient: alone.length } });
  for (const text of alone) assert.match(text, /^\{"resourceType":"Patient","id":"[^"]+","meta":\{"versionId":"1",/);
});

test("CLI-EXPORT-2 no folder is written over and no type is guessed", async () => {
  const folder = join(installation.folder, "there");
  await exported("there");
  for (const args of [[folder], [join(installation.folder, "x"), "--type", "Patient,Nope"], []]) {
    const { code, printed } = await installation.run("export", ...args);
    assert.deepEqual([code, printed], [1, []]);
  }
  assert.equal(existsSync(join(installation.folder, "x")), false);
});

test("CLI-AUDIT-1 a whole log is verified, with and without anchors", async () => {
  const verified = await installation.run("audit", "verify");
  const report = JSON.parse(verified.printed.at(-1) ?? "") as { rows: number; faults: number };
  assert.deepEqual([verified.code, report.faults], [0, 0]);
  assert.ok(report.rows > 4); // each bundle has left its rows
  const anchors = join(installation.folder, "anchors");
  writeFileSync(anchors, (await installation.run("audit", "anchor")).printed.join("\n"));
  const again = await installation.run("audit", "verify", "--anchor", anchors);
  assert.equal(again.code, 0);
  assert.ok((JSON.parse(again.printed.at(-1) ?? "") as { anchors: number }).anchors > 0);
  assert.equal((await installation.run("audit")).code, 1);
});

test("CLI-AUDIT-2 an anchor that the log does not hold is told", async () => {
  const anchors = (await installation.run("audit", "anchor")).printed.map(
    (line) => JSON.parse(line) as { chain: string; seq: number; hash: string },
  );
  const [first] = anchors;
  assert.ok(first);
  const forged = [
    { ...first, hash: "0".repeat(64) },
    { ...first, chain: "00000000-0000-4000-8000-000000000000" },
    { ...first, seq: first.seq + 1000 },
  ];
  for (const anchor of forged) {
    const file = join(installation.folder, "forged");
    writeFileSync(file, JSON.stringify(anchor));
    const { code, told } = await installation.run("audit", "verify", "--anchor", file);
    assert.equal(code, 1, JSON.stringify(anchor));
    assert.match(told, new RegExp(anchor.chain));
  }
});

test("CLI-TERM-1 a code system goes in from its publisher's file and is listed", async () => {
  const file = join(installation.folder, "atc.txt");
  writeFileSync(file, "A\tAlimentary tract\nA01\tStomatological\nA01A\tStomatological preparations\n");
  const { code, printed, told } = await installation.run("terminology", "import", "atc", file, "--version", "2026");
  assert.deepEqual([code, (JSON.parse(printed.at(-1) ?? "{}") as { concepts: number }).concepts], [0, 3], told);
  assert.match((await installation.run("terminology", "list")).printed.join("\n"), /2026/);
  assert.equal((await installation.run("terminology", "import", "horoscopes", file, "--version", "1")).code, 1);
});
