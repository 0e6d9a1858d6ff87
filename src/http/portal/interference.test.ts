/** Rule JRN-DOOR-4: two databases that differ only in what is closed at the patient's door answer alike there. EIRA_INTERFERENCE asks more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { homeOf, seededRandom } from "../../base/index.ts";
import { observation, OURS, THEIRS } from "../../journal/testing/index.ts";
import { serverOfTest, toldBy } from "../testing/index.ts";
import { portalCookie, putGuardian, putPerson } from "./testing.ts";

const SEED = Number(process.env["EIRA_SEED"] ?? 20_261_122);
const REQUESTS = Math.max(50, Number(process.env["EIRA_INTERFERENCE"] ?? 0));
const OTHER = { ...OURS, careUnit: "SE2321000131-E000000000012" } as const;
const LABORATORY = { category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] }] }; // prettier-ignore
const CLOSED = ["NOPATIENT", "violence-exposed", "third-person"];

test(`JRN-DOOR-4 over ${REQUESTS} generated requests what is closed at the door changes no answer there (seed ${SEED})`, async (t) => {
  const server = await serverOfTest(t);
  const random = seededRandom(SEED);
  for (const [id, born] of [["n-own", "1970-01-01"], ["n-kid", "2018-01-01"], ["n-mum", "1985-01-01"]] as const) await putPerson(server, id, born); // prettier-ignore
  await putGuardian(server, "n-mum", "n-kid");
  const hidden: { type: string; id: string }[] = [];
  const entry = (of: string, n: number, what: readonly string[], owner: { careProvider: string; careUnit: string }) => ({ recorded: new Date(server.clock().getTime() - n * 60_000).toISOString(), home: homeOf(of), patient: of, action: "search", outcome: "granted", ground: "ACC-NEED · PDL 4 kap. 1 § · Deltar.", actor: `hsa-${n}`, person: `Läsare ${n}, Läkare`, assignment: "a", careUnit: owner.careUnit, careProvider: "P", careUnitId: owner.careUnit, careProviderId: owner.careProvider, purpose: "Vård och behandling", request: `r${of}${n}`, what }) as const; // prettier-ignore
  for (const of of ["n-own", "n-kid"])
    for (let n = 0; n < 24; n += 1) {
      const isClosed = n % 3 === 1;
      const label = of === "n-kid" && n % 2 === 0 ? "youth-clinic" : random.pick(CLOSED);
      // A place that has nothing but what is closed is no place of the patient's.
      const owner = isClosed ? random.pick([THEIRS, OTHER, OURS]) : OURS;
      const meta = isClosed ? { meta: { security: [{ system: "urn:class", code: label }] } } : {};
      const id = `${of}-${n}`;
      await server.put({ ...observation(id, `Patient/${of}`), ...LABORATORY, ...meta }, owner);
      if (isClosed) hidden.push({ type: "observation", id });
      const open = `Observation/${of}-${n - (n % 3)}/_history/1`;
      // Each look that showed something closed showed something open too, but those that a guardian is not told of.
      await server.store.recordAccess([
        entry(of, n, isClosed ? [open, `Observation/${id}/_history/1`] : [open], owner),
      ]);
    }
  assert.ok(hidden.length >= 16);
  const doors = [["n-own", "n-own"], ["n-mum", "n-kid"], ["n-kid", "n-kid"]] as const; // prettier-ignore
  const cookies = new Map<string, string>();
  for (const [who] of doors) cookies.set(who, await portalCookie(server, who));
  let before = "";
  const asked = Array.from({ length: REQUESTS }, () => {
    const [who, of] = random.pick(doors);
    const what = random.pick(["log", "log", "next", "questions", "blocks", "consents", "proxies", "records?of=results", "ask", "block"]); // prettier-ignore
    const n = random.int(24);
    return { who, of, what, n };
  });
  const all = async (): Promise<string[]> => {
    const answers: string[] = [];
    for (const { who, of, what, n } of asked) {
      const call = { cookie: cookies.get(who)! };
      const path = `/api/portal/patients/${of}/`;
      const answer =
        what === "next"
          ? await server.call("GET", `${path}log?before=${encodeURIComponent(before || "2026-01-01 00:00:00+00~00000000-0000-4000-8000-000000000000~1")}`, call) // prettier-ignore
          : what === "ask"
            ? await server.call("POST", `${path}questions`, { ...call, body: { line: `log-00000000-0000-4000-8000-00000000000${n % 10}-${n}` } }) // prettier-ignore
            : what === "block"
              ? await server.call("POST", `${path}blocks`, { ...call, body: { careProvider: THEIRS.careProvider, careUnit: n % 2 === 0 ? THEIRS.careUnit : null } }) // prettier-ignore
              : await server.call("GET", `${path}${what}`, call);
      const isPaged = what === "log" && answer.status === 200 && who === "n-own";
      if (isPaged && before === "") before = (answer.at("next") as string | null) ?? "";
      // What the reader does here is in the log itself, and newer with each asking.
      answers.push(toldBy(answer).replaceAll(/\{\\"time\\":[^{}]*\\"isAtDoor\\":true\}/g, "own"));
    }
    return answers;
  };
  const first = (await all()).map(withoutOwn);
  for (const { type, id } of hidden) {
    await server.sql(`DELETE FROM ${type} WHERE id = $1`, [id]);
    for (const table of ["history", "change_log"]) await server.sql(`DELETE FROM ${table} WHERE id = $1`, [id]);
  }
  const second = (await all()).map(withoutOwn);
  for (const [at, one] of asked.entries()) assert.equal(second[at], first[at], `${at}: ${JSON.stringify(one)}`);
  // It was not silence that was compared.
  const answered = first.filter((one) => one.startsWith('{"status":200'));
  assert.ok(answered.length > REQUESTS / 3 && answered.some((one) => one.includes("Läsare 3")), `${answered.length}`);
  for (const { id } of hidden) assert.ok(!first.some((one) => one.includes(`/${id}`)));
});

/** The length of an answer goes with the own lines that were taken out of it. */
function withoutOwn(answer: string): string {
  return answer.replaceAll(/"content-length":"\d+"/g, '"content-length":"…"').replaceAll(/(?:own,?)+/g, "own");
}
