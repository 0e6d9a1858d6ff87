/** Rules JRN-DOOR-STAFF of the journal's SPEC.md: staff register who reads for a patient, and it counts at the patient's door at once. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { identified, observation, OURS, THEIRS } from "../../journal/testing/index.ts";
import { serverOfTest, type Answer } from "../testing/index.ts";
import { doorOf, PNR, putGuardian, putPerson } from "./testing.ts";

const server = await serverOfTest({ after });
const MUM = "191212121212";
const DAD = "195704289999";
const numberOf = (value: string): string => `${PNR}|${value}`;
const OTHER = { ...OURS, careUnit: "SE2321000131-E000000000012" } as const;

type Staff = { get(path?: string): Promise<Answer>; post(path: string, body: unknown): Promise<Answer> };
async function staffAt(
  patient: string,
  role = "Läkare",
  owner: typeof OURS | typeof OTHER | typeof THEIRS = OURS,
): Promise<Staff> {
  const id = `${role} ${owner.careUnit}`;
  const cookie = await server.cookie(owner, { id: `a-${id.replaceAll(/\W/g, "-")}`, role }, { id: id.replaceAll(/\W/g, "-"), hsaId: `SE-${role.length}-${owner.careUnit}` }); // prettier-ignore
  const path = `/api/patients/${patient}/`;
  return {
    get: (name = "representatives") => server.call("GET", path + name, { cookie }),
    post: (name, body) => server.call("POST", path + name, { cookie, body }),
  };
}
const REASON = "Uppvisat utdrag ur folkbokföringen";
const guardian = (number = MUM) => ({ number, since: "2020-01-01", reason: REASON });
type Listed = { id: string; number: string | null; isInForce: boolean; from: string; reason: string | null }[];
const listed = (answer: Answer, name = "representatives"): Listed => answer.at(name) as Listed;

test("JRN-DOOR-STAFF-1 a guardian is registered once with a reason, reads at once and no longer than until it is ended, and each change is in the log", async () => {
  await putPerson(server, "s-kid", "2018-05-05");
  await putPerson(server, "s-mum", "1985-05-05");
  await server.put(observation("s-kid-o", "Patient/s-kid"));
  const mum = await doorOf(server, "s-mum", "s-kid", numberOf(MUM));
  const lisa = await staffAt("s-kid", "Sjuksköterska");
  assert.equal((await mum.get("log")).status, 403);
  const both = await Promise.all([1, 2].map(() => lisa.post("representatives", guardian())));
  assert.deepEqual(both.map(({ status }) => status), [200, 200]); // prettier-ignore
  const [one, ...more] = listed(await lisa.get());
  assert.deepEqual([one?.number, one?.isInForce, one?.from, one?.reason, more.length], [MUM, true, "staff", REASON, 0]);
  assert.equal((await mum.get("log")).status, 200);
  const ended = await lisa.post(`representatives/${one?.id}/end`, { reason: "Vårdnaden har ändrats" });
  assert.deepEqual([ended.status, listed(ended)[0]?.isInForce], [200, false]);
  assert.equal((await mum.get("log")).status, 403);
  assert.equal((await lisa.post(`representatives/${one?.id}/end`, { reason: "igen" })).status, 404);
  const rows = (await server.log()).filter(({ patient, person }) => patient === "s-kid" && person !== null);
  for (const action of ["register guardian", "end guardian", "read representatives"])
    assert.ok(
      rows.some((row) => row.action === action && row.outcome === "granted"),
      action,
    );
  // Whom the register tells of is seen here too, and its end can be put down.
  await putGuardian(server, "s-dad", "s-kid", numberOf(DAD));
  const register = listed(await lisa.get()).find(({ number }) => number === DAD);
  assert.deepEqual([register?.from, register?.isInForce], ["register", true]);
});

test("JRN-DOOR-STAFF-2 what cannot be is refused in words: no number, the patient's own, nobody's child, a day to come, no reason", async () => {
  await putPerson(server, "s-bad", "2018-05-05", identified(PNR, "201805052380"));
  await putPerson(server, "s-grown", "1990-05-05");
  const lisa = await staffAt("s-bad");
  await server.put(observation("s-bad-o", "Patient/s-bad"));
  for (const bad of [
    guardian("191212121213"),
    guardian("x"),
    guardian("201805052380"),
    { ...guardian(), since: "2030-01-01" },
    { ...guardian(), since: "2010-01-01" },
    { ...guardian(), since: "igår" },
    { ...guardian(), reason: "  " },
    { ...guardian(), reason: "x".repeat(501) },
    { ...guardian(), reason: 7 },
    {},
  ])
    assert.deepEqual([(await lisa.post("representatives", bad)).status, bad], [422, bad]);
  assert.equal((await (await staffAt("s-grown")).post("representatives", guardian())).status, 422);
  assert.equal((await (await staffAt("s-never")).get()).status, 404);
  for (const bad of [
    { kind: "x" },
    { kind: "child", until: "2027-01-01", reason: "r" },
    { kind: "guardian", guardian: "x", until: "2027-01-01", reason: "r" },
  ])
    // prettier-ignore
    assert.equal((await lisa.post("door-decisions", bad)).status, 422, JSON.stringify(bad)); // at eight no unit decides
  assert.deepEqual([listed(await lisa.get()).length, listed(await lisa.get(), "decisions").length], [0, 0]);
});

test("JRN-DOOR-STAFF-3 only whose duty it is does it, and only at a patient whom something opens to them; an assistant nurse and another care provider change nothing", async () => {
  await putPerson(server, "s-duty", "2012-05-05");
  await server.put(observation("s-duty-o", "Patient/s-duty"));
  const [doctor, nurse, assistant] = [await staffAt("s-duty"), await staffAt("s-duty", "Sjuksköterska"), await staffAt("s-duty", "Undersköterska")]; // prettier-ignore
  const child = { kind: "child", until: "2027-06-01", reason: "Bedömd som mogen" };
  const refused = [
    await assistant.post("representatives", guardian()),
    await assistant.post("door-decisions", child),
    await nurse.post("door-decisions", child),
  ];
  assert.deepEqual(refused.map(({ status, text }) => [status, /ACC-DOOR-(?:DUTY|MATURITY)/.exec(text)?.[0]]), [[403, "ACC-DOOR-DUTY"], [403, "ACC-DOOR-MATURITY"], [403, "ACC-DOOR-MATURITY"]]); // prettier-ignore
  assert.deepEqual([(await doctor.get()).at("may"), (await nurse.get()).at("may")], [{ representation: true, grant: true }, { representation: true, grant: false }]); // prettier-ignore
  assert.deepEqual((await assistant.get()).at("may"), { representation: false, grant: false });
  await server.sql("DELETE FROM opening WHERE patient = 's-duty'");
  const stranger = await staffAt("s-duty", "Läkare", THEIRS);
  await server.sql("DELETE FROM opening WHERE patient = 's-duty'");
  for (const answer of [
    await stranger.get(),
    await stranger.post("representatives", guardian()),
    await stranger.post("door-decisions", child),
  ])
    // prettier-ignore
    assert.equal(answer.code(), "NO_CARE_RELATION");
  const [{ count } = { count: "?" }] = await server.sql<{ count: string }>("SELECT count(*)::text FROM door_grant WHERE patient = 's-duty'"); // prettier-ignore
  assert.equal(count, "0");
});

test("JRN-DOOR-STAFF-4 between 13 and 16 the unit's physician lets the child, or by agreement a guardian, read that unit's records until a day; another unit is not told of it", async () => {
  await putPerson(server, "s-teen", "2012-05-05");
  await putPerson(server, "s-ma", "1985-05-05");
  await server.put(observation("s-teen-here", "Patient/s-teen"));
  await server.put(observation("s-teen-there", "Patient/s-teen"), OTHER);
  await putGuardian(server, "s-ma", "s-teen", numberOf(MUM));
  const [teen, ma] = [await doorOf(server, "s-teen"), await doorOf(server, "s-ma", "s-teen", numberOf(MUM))];
  const [doctor, nextDoor] = [await staffAt("s-teen"), await staffAt("s-teen", "Läkare", OTHER)];
  assert.deepEqual([(await teen.get("log")).status, (await ma.get("log")).status], [403, 403]);
  const wish = { kind: "child", until: "2027-06-01", reason: "Bedömd som mogen vid besök" };
  const [first, second] = [await doctor.post("door-decisions", wish), await doctor.post("door-decisions", wish)];
  assert.deepEqual([first.status, listed(second, "decisions").length], [200, 1], first.text);
  assert.deepEqual([(await teen.get("log")).status, (await ma.get("log")).status], [200, 403]);
  assert.deepEqual(listed(await nextDoor.get(), "decisions"), []);
  assert.equal((await nextDoor.post(`door-decisions/${listed(second, "decisions")[0]?.id}/end`, { reason: "nej" })).status, 404); // prettier-ignore
  const [mother] = listed(await doctor.get());
  const forMa = { kind: "guardian", guardian: mother?.id, until: "2027-06-01", reason: "Överenskommet", agreed: true };
  assert.equal((await doctor.post("door-decisions", { ...forMa, agreed: false })).status, 422);
  assert.equal((await doctor.post("door-decisions", { ...forMa, guardian: "x" })).status, 422);
  for (const until of ["2020-01-01", "2040-01-01", "x"])
    assert.equal((await doctor.post("door-decisions", { ...forMa, until })).status, 422, until);
  assert.equal((await doctor.post("door-decisions", forMa)).status, 200);
  assert.equal((await ma.get("log")).status, 200);
  // A new end replaces the old one.
  const longer = await doctor.post("door-decisions", { ...wish, until: "2027-07-01" });
  assert.equal(listed(longer, "decisions").length, 2);
  for (const { id } of listed(longer, "decisions"))
    assert.equal((await doctor.post(`door-decisions/${id}/end`, { reason: "Tas tillbaka" })).status, 200);
  assert.deepEqual([(await teen.get("log")).status, (await ma.get("log")).status], [403, 403]);
});

test("JRN-DOOR-STAFF-5 of a patient with protected identity no number of a guardian is shown, and guardians read nothing", async () => {
  const security = [{ system: "http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel", code: "sekretessmarkering" }];
  await putPerson(server, "s-hid", "2018-05-05", { meta: { security } });
  await server.put(observation("s-hid-o", "Patient/s-hid"));
  await putGuardian(server, "s-hm", "s-hid", numberOf(MUM));
  const answer = await (await staffAt("s-hid")).get();
  assert.deepEqual([answer.status, answer.at("isProtected"), listed(answer)[0]?.number], [200, true, null]);
  assert.doesNotMatch(answer.text, new RegExp(MUM));
});
