/** Rules CLI-AUDIT-* of SPEC.md in this folder that read the access log. One installation for all. */
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { zonedDate } from "../base/index.ts";
import { commit, readResource, type SampledAccess } from "../journal/index.ts";
import { clientActor, OURS, personActor } from "../journal/testing/index.ts";
import { journalOptions, withStore } from "./installation.ts";
import { Installation } from "./testing/index.ts";

const installation = await Installation.lent({ after });
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

test("CLI-AUDIT-SEALS-1 a sealed text that somebody has changed is named", async () => {
  const sound = await installation.run("audit", "seals");
  assert.deepEqual([sound.code, JSON.parse(sound.printed.at(-1) ?? "")], [0, { seals: 0, faults: 0 }]);
  const client = new pg.Client(installation.databaseUrl);
  await client.connect();
  try {
    await client.query(
      `INSERT INTO seal (home, type, id, version, sha256, signed, signer) VALUES (0, 'Composition', 'planted', 1, repeat('0', 64), now(), '{}')`,
    );
    const broken = await installation.run("audit", "seals");
    assert.deepEqual([broken.code, JSON.parse(broken.printed.at(-1) ?? "")], [1, { seals: 1, faults: 1 }]);
    assert.match(broken.told, /Composition\/planted\/_history\/1: text gone/);
    await client.query("DELETE FROM seal");
  } finally {
    await client.end();
  }
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
  const riv = ["audit", "extract", "--patient", patient, "--format", "riv", "--out", path("extract.xml")];
  assert.equal((await installation.run(...riv)).code, 0);
  assert.match(readFileSync(path("extract.xml"), "utf8"), /<q:ResultCode>OK<[^]*<q:AccessLog>/);
  for (const args of [json, ["audit", "extract", "--patient", "never", "--out", path("x")], ["audit", "extract"]])
    assert.equal((await installation.run(...args)).code, 1);
  assert.equal(existsSync(path("x")), false);
});

test("CLI-AUDIT-REVIEW-1 a sample is drawn, judged once and counted", async () => {
  const line = { resourceType: "Patient", id: "sampled", name: [{ family: "Ek" }] };
  const terminal = {
    print: () => undefined,
    tell: () => undefined,
    progress: () => undefined,
    onStop: () => undefined,
  };
  const invocation = installation.invocation([], terminal);
  await withStore(invocation, async (store) => {
    const options = journalOptions(invocation.config, store, invocation.clock);
    const actor = clientActor("system/*.cruds", OURS);
    const create = { kind: "update", type: "Patient", id: "sampled", resource: line, where: "Patient" } as const;
    await commit({ ...options, actor, request: "write" }, [create]);
    await readResource({ ...options, actor: personActor(OURS), request: "read" }, "Patient", "sampled");
  });
  installation.forward(120_000);
  const today = zonedDate(Date.now()); // as the command reads days
  writeFileSync(path("known"), "sampled # a minister\n");
  const sampled = async (out: string): Promise<string> => {
    const period = ["--from", "2026-01-01", "--to", today, "--size", "5", "--seed", "s1"];
    const { code, printed, told } = await installation.run("audit", "sample", ...period, "--known", path("known"), "--out", path(out)); // prettier-ignore
    assert.equal(code, 0, told);
    assert.equal((JSON.parse(printed.at(-1) ?? "") as { accesses: number }).accesses, 1);
    return readFileSync(path(out), "utf8");
  };
  const text = await sampled("sample.ndjson");
  assert.equal(await sampled("again.ndjson"), text);
  const [access] = text.trim().split("\n").map((one) => JSON.parse(one) as SampledAccess); // prettier-ignore
  assert.deepEqual([access?.patient, access?.person], ["sampled", "Anna Ek, Överläkare"]);
  const rules = access?.findings.map(({ rule }) => rule) ?? [];
  for (const rule of ["same-surname", "no-relation", "known-person"] as const) assert.ok(rules.includes(rule), rule);
  const judged = [
    "audit",
    "review",
    "--access",
    access?.id ?? "",
    "--reviewer",
    "SE2321000131-P1",
    "--note",
    "Ringde enheten.",
  ];
  assert.equal((await installation.run(...judged, "--outcome", "justified")).code, 0);
  assert.match((await installation.run(...judged, "--outcome", "unjustified")).told, /redan granskad|already/);
  const months = ["--from", today.slice(0, 7), "--to", today.slice(0, 7)];
  assert.equal((await installation.run("audit", "statistics", ...months, "--out", path("s.csv"))).code, 0);
  assert.match(readFileSync(path("s.csv"), "utf8"), new RegExp(`${OURS.careUnit};known-person;1;1;0;0;0`));
  const json = await installation.run("audit", "statistics", ...months, "--format", "json", "--out", path("s.json"));
  assert.equal((JSON.parse(json.printed.at(-1) ?? "") as { rows: number }).rows, rules.length);
});

test("CLI-AUDIT-REVIEW-2 what is missing or malformed is refused", async () => {
  writeFileSync(path("rules.json"), '{"weights":{"vip":1}}');
  const sample = ["sample", "--from", "2026-01-01", "--out", path("never")];
  for (const args of [
    ["sample"],
    [...sample, "--seed", "s"],
    [...sample, "--size", "3"],
    [...sample, "--seed", "s", "--size", "99999"],
    [...sample, "--seed", "s", "--size", "3", "--rules", path("rules.json")],
    ["sample", "--from", "2026-01-01", "--seed", "s", "--size", "3", "--out", path("s.csv")],
    ["review", "--access", "x"],
    ["review", "--access", "x", "--outcome", "fine", "--reviewer", "SE1234", "--note", "n"],
    ["review", "--access", "x", "--outcome", "unclear", "--reviewer", "SE1234", "--note", "n"],
    ["statistics", "--from", "2026-13", "--to", "2026-12", "--out", path("never")],
    ["statistics", "--from", "2026-01", "--to", "2026-12", "--out", path("s.csv")],
  ])
    assert.equal((await installation.run("audit", ...args)).code, 1, args.join(" "));
  assert.equal(existsSync(path("never")), false);
});

test("CLI-AUDIT-3 a log that its database's owner writes anew, with right hashes and a key of their own, is found by an anchor file", async () => {
  const anchors = (await installation.run("audit", "anchor")).printed;
  writeFileSync(path("anchors"), anchors.join("\n"));
  const key = path("data/audit-key.pem");
  const own = generateKeyPairSync("ed25519").privateKey;
  const client = new pg.Client(installation.databaseUrl);
  await client.connect();
  try {
    await rewriteLog(client, own);
  } finally {
    await client.end();
  }
  const stranger = await installation.run("audit", "verify");
  assert.deepEqual([stranger.code, /signature/.test(stranger.told)], [1, true]); // the key is not the one that lies outside
  const right = readFileSync(key);
  writeFileSync(key, own.export({ type: "pkcs8", format: "pem" })); // and when it is exchanged as well:
  const inside = await installation.run("audit", "verify");
  assert.deepEqual([inside.code, inside.told], [0, ""], "the forgery is perfect, seen from inside");
  const outside = await installation.run("audit", "verify", "--anchor", path("anchors"));
  const { faults } = JSON.parse(outside.printed.at(-1) ?? "") as { faults: number };
  assert.deepEqual([outside.code, faults > 0], [1, true]);
  assert.ok(faults >= anchors.length / 2, `${faults} of ${anchors.length}`);
  writeFileSync(key, right);
});

/** Everything that was read by a person was read by nobody: each chain from its first row on, and its head. Written from the SPEC, not with the program. */
async function rewriteLog(client: pg.Client, key: KeyObject): Promise<void> {
  const iso = `to_char(signed AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const heads = (await client.query(`SELECT chain, previous, ${iso} AS signed FROM access_log_head`)).rows as { chain: string; previous: string | null; signed: string }[]; // prettier-ignore
  const ends = new Map<string, { seq: string; hash: Buffer }>();
  for (const { chain } of heads) {
    const rows = (await client.query("SELECT home, seq, entry FROM access_log WHERE chain = $1 ORDER BY seq", [chain])).rows as { home: number; seq: string; entry: string }[]; // prettier-ignore
    let hash = Buffer.alloc(32);
    for (const { home, seq, entry } of rows) {
      // Where other chains stood is no longer true: such a row says something harmless instead.
      const pinless = entry.includes('"action":"pin"') ? entry.replace('"pin"', '"read"') : entry;
      const text = pinless.replaceAll("Anna Ek", "Nobody").replaceAll("client ", "client x");
      hash = createHash("sha256").update(`${chain} ${seq} `).update(hash).update(text).digest();
      await client.query("UPDATE access_log SET entry = $4, hash = $5 WHERE chain = $1 AND seq = $2 AND home = $3", [chain, seq, home, text, hash]); // prettier-ignore
      ends.set(chain, { seq, hash });
    }
  }
  for (const { chain, previous, signed } of heads) {
    const { seq, hash } = ends.get(chain) ?? { seq: "0", hash: Buffer.alloc(32) };
    const said = `eira-access-log-head 1 ${chain} ${previous ?? "-"} ${seq} ${hash.toString("hex")} ${signed}`;
    await client.query("UPDATE access_log_head SET hash = $2, signature = $3 WHERE chain = $1", [chain, hash, sign(null, Buffer.from(said), key)]); // prettier-ignore
  }
}

test("CLI-AUDIT-PURGE-1 nobody removes a row of the log: no command does, and no role may", async () => {
  for (const verb of ["purge", "delete", "clean", "prune"]) {
    const { code, told } = await installation.run("audit", verb, "--before", "2000-01-01");
    assert.deepEqual([code, told.startsWith("Usage: audit")], [1, true], verb);
  }
  const folder = new URL("../", import.meta.url).pathname;
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const sources = names.filter((name) => /\.(?:ts|sql)$/.test(name) && !/\.test\.ts$|testing/.test(name));
  const removing =
    /(?:DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|UPDATE)\s+(?:ONLY\s+)?"?access_log\b(?!_)|DROP\s+TABLE\s+(?:IF EXISTS\s+)?access_log/i;
  const found = sources.filter((name) => removing.test(readFileSync(join(folder, name), "utf8")));
  assert.ok(sources.length > 300);
  assert.deepEqual(found, []);
  assert.match("DELETE FROM access_log WHERE", removing); // it would be seen
});
