/** Rules JRN-LOG-WORDS and JRN-LOG-EVENT of SPEC.md in this folder. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseJson, ProfileSet, validateResource, type JsonObject } from "../../fhir/index.ts";
import { profileFolders } from "../../fhir/testing/index.ts";
import type { AccessLogEntry } from "../../store/index.ts";
import { ACTIONS, PURPOSES, wordsOf } from "./actions.ts";
import { auditEventOf } from "./audit-event.ts";
import { entryOf, randomEntry } from "./testing.ts";

const PROFILE = "https://fhir.inera.se/ig/ehds-tk/StructureDefinition/inera-ehds-audit-event";
const CHAIN = "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";

/** The actions that the sources write, found where an entry is made. */
function writtenActions(): Map<string, string> {
  const found = new Map<string, string>();
  const src = new URL("../../", import.meta.url).pathname;
  for (const name of readdirSync(src, { recursive: true, encoding: "utf8" })) {
    if (!/^(?:journal|clinical|exchange|jobs|http|cli)\/.*\.ts$/.test(name) || /\.test\.ts$|testing/.test(name))
      continue;
    const text = readFileSync(join(src, name), "utf8");
    const patterns = [
      /\baction: "([^"]+)"/g,
      /\baction: [^,}\n]* \? "([^"]+)"/g,
      /\baction: [^,}\n]* : "([^"]+)"/g,
      /\bACTION = "([^"]+)"/g,
      /recordRefusal\(\s*visit,\s*"([^"]+)"/g,
      /refuseJob\(\s*visit,\s*"([^"]+)"/g,
    ];
    for (const pattern of patterns) for (const [, action = ""] of text.matchAll(pattern)) found.set(action, name);
  }
  for (const code of ["C", "R", "U", "D", "E"]) found.delete(code); // of the table itself
  return found;
}

test("JRN-LOG-WORDS-1 every action that the code writes has its words", () => {
  const written = writtenActions();
  assert.ok(written.size > 12, [...written.keys()].join());
  const interactions = ["read", "vread", "history", "search", "create", "update", "patch", "delete"];
  for (const [action, file] of [...written, ...interactions.map((one) => [one, "access"] as const)])
    assert.ok(ACTIONS.has(action), `"${action}" of ${file} has no word in actions.ts`);
  assert.throws(() => wordsOf({ action: "peek", ground: "" }), /peek/);
  assert.equal(wordsOf({ action: "read", ground: "ACC-NEED · x" }).activity, "Läsa");
  assert.equal(wordsOf({ action: "read", ground: "ACC-EMERGENCY · PDL" }).activity, "Nödöppning");
});

test("JRN-LOG-WORDS-2 every purpose is a national one and has a code", () => {
  const source = readFileSync(new URL("../context.ts", import.meta.url), "utf8");
  const places = [...source.matchAll(/function purposeOf[^}]*\}|OWN_ACCESS = .*;/g)];
  const written = places.flatMap(([text]) => [...text.matchAll(/"([A-ZÅÄÖ][^"]+)"/g)]);
  assert.equal(written.length, 3);
  for (const [, purpose = ""] of written) assert.ok(PURPOSES.has(purpose), purpose);
});

test("JRN-LOG-EVENT-1 a row is a valid AuditEvent of the national profile and says everything", (t) => {
  const folder = profileFolders().find((one) => one.includes("inera"));
  const set = folder === undefined ? undefined : nationalProfile(folder);
  for (let n = 0; n < 60; n += 1) {
    const entry = randomEntry(n);
    const event = auditEventOf({ chain: CHAIN, seq: String(n + 1), recorded: "", entry: JSON.stringify(entry) });
    const resource = JSON.parse(JSON.stringify(event)) as JsonObject;
    assert.deepEqual(validateResource(resource), [], JSON.stringify(entry));
    if (set !== undefined) {
      const { issues } = set.judge(resource, { profiles: [PROFILE] });
      assert.deepEqual(
        issues.filter(({ severity }) => severity === "error"),
        [],
      );
    }
    const text = JSON.stringify(event);
    const said = [entry.ground, entry.careUnitId, entry.careProviderId, entry.recorded, ...entry.what];
    for (const one of said) assert.ok(text.includes(JSON.stringify(one ?? "").slice(1, -1)), `${one}`);
    assert.equal(event.outcome, entry.outcome === "granted" ? "0" : "4");
    assert.equal(
      event.entity
        ?.filter(({ role }) => role?.code === "1")
        .map(({ what }) => what?.reference)
        .join(),
      entry.patient === null ? "" : `Patient/${entry.patient}`,
    );
    const [accessor] = event.agent;
    if (entry.person !== null) {
      assert.equal(accessor?.who?.identifier?.value, entry.actor);
      assert.equal(`${accessor?.name}, ${accessor?.role?.[0]?.text}`, entry.person);
    }
  }
  if (set === undefined) t.diagnostic("without the national profile");
});

test("JRN-LOG-EVENT-2 a row without HSA-ids names unit and care provider", () => {
  const { careUnitId: _unit, careProviderId: _provider, ...old } = entryOf({});
  const entry: AccessLogEntry = old;
  const { agent } = auditEventOf({ chain: CHAIN, seq: "1", recorded: "", entry: JSON.stringify(entry) });
  assert.deepEqual(
    agent.map(({ who }) => who?.display),
    ["Anna Ek", "Medicinkliniken", "Region Västmark"],
  );
  assert.equal(agent[1]?.who?.identifier, undefined);
});

function nationalProfile(folder: string): ProfileSet {
  const files = readdirSync(folder).filter((name) => /^StructureDefinition-.*\.json$/.test(name));
  return new ProfileSet(files.map((name) => parseJson(readFileSync(join(folder, name), "utf8")) as JsonObject));
}
