/** Rules CLI-AUDIT-* of SPEC.md in this folder that read the access log. One installation for all. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { removeEmbedded } from "../store/testing/index.ts";
import { csvOf } from "./csv.ts";
import { Installation } from "./testing/index.ts";

const installation = new Installation(mkdtempSync(join(tmpdir(), "eira-audit-")));
after(async () => {
  await removeEmbedded(join(installation.folder, "data"));
  await rm(installation.folder, { recursive: true, force: true });
});
const path = (name: string): string => join(installation.folder, name);

test("CLI-AUDIT-EXPORT-1 a period's rows are written to a new file, whole or not at all", async () => {
  const patient = { resourceType: "Patient", name: [{ family: "A" }] };
  const entry = [{ fullUrl: "urn:uuid:a", resource: patient, request: { method: "POST", url: "Patient" } }];
  writeFileSync(path("one.ndjson"), JSON.stringify({ resourceType: "Bundle", type: "transaction", entry }));
  assert.equal((await installation.run("import", path("one.ndjson"))).code, 0);
  const asked = ["audit", "export", "--format", "storelog", "--from", "2020-01-01", "--out", path("log.xml")];
  const none = await installation.run(...asked); // the last minute may still be on its way
  assert.deepEqual([none.code, JSON.parse(none.printed.at(-1) ?? "")], [0, { logs: 0, withoutId: 0 }]);
  assert.equal(existsSync(path("log.xml")), false);
  installation.forward(120_000);
  const some = await installation.run(...asked);
  const { logs, file } = JSON.parse(some.printed.at(-1) ?? "") as { logs: number; file: string };
  assert.deepEqual([some.code, file], [0, path("log.xml")], some.told);
  const text = readFileSync(file, "utf8");
  assert.equal(text.match(/<Log>/g)?.length, logs);
  assert.match(text, /<l:ActivityType>Skriva<[^]*<\/StoreLogRequest>\n$/);
  const again = await installation.run(...asked);
  assert.deepEqual([again.code, readFileSync(file, "utf8")], [1, text]);
  assert.deepEqual(readdirSync(installation.folder).filter((name) => name.endsWith(".partial")), []); // prettier-ignore
});

test("CLI-AUDIT-EXPORT-2 what cannot be a period or a format is refused", async () => {
  const out = ["--out", path("never.xml")];
  for (const args of [
    ["--format", "storelog", ...out],
    ["--format", "storelog", "--from", "2026-13-01", ...out],
    ["--format", "storelog", "--from", "2026-01-01", "--to", "igår", ...out],
    ["--format", "storelog", "--from", "2026-01-02", "--to", "2026-01-01", ...out],
    ["--format", "storelog", "--from", "2099-01-01", ...out],
    ["--format", "csv", "--from", "2026-01-01", ...out],
    ["--format", "storelog", "--from", "2026-01-01"],
    ["--format", "storelog", "--from", "2026-01-01", "--patient", "a", "--provider", "b", ...out],
  ]) {
    const { code, printed } = await installation.run("audit", "export", ...args);
    assert.deepEqual([code, printed], [1, []], args.join(" "));
  }
  assert.equal(existsSync(path("never.xml")), false);
});

test("CLI-AUDIT-EXTRACT-1 a patient's extract is written as CSV and JSON, or it is told why not", async () => {
  const patient = /"patient":"([^"]+)"/.exec(readFileSync(path("log.xml"), "utf8"))?.[1] ?? "";
  const csv = await installation.run("audit", "extract", "--patient", patient, "--out", path("extract.csv"));
  assert.equal(csv.code, 0, csv.told);
  assert.match(readFileSync(path("extract.csv"), "utf8"), /^\ufeffTid;Namn;[^]*;Skriva;nej;nej;Administration;/);
  installation.forward(120_000);
  const json = ["audit", "extract", "--patient", patient, "--format", "json", "--out", path("extract.json")];
  const { lines } = JSON.parse((await installation.run(...json)).printed.at(-1) ?? "") as { lines: number };
  assert.equal((JSON.parse(readFileSync(path("extract.json"), "utf8")) as unknown[]).length, lines);
  for (const args of [json, ["audit", "extract", "--patient", "never", "--out", path("x")], ["audit", "extract"]])
    assert.equal((await installation.run(...args)).code, 1);
  assert.equal(existsSync(path("x")), false);
});

test("CLI-CSV-1 a CSV file opens as it is, and no cell becomes a formula", () => {
  const text = csvOf(["a;b", "c"], [['say "x"', "=1+1"], ["two\nlines", null], [7, true], ["-2", "@x"]]); // prettier-ignore
  assert.equal(text, '\ufeff"a;b";c\r\n"say ""x""";\'=1+1\r\n"two\nlines";\r\n7;ja\r\n\'-2;\'@x\r\n');
});
