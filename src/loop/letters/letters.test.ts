/** Rules LOOP-LETTER of the loop's SPEC.md: each recipient of a letter is a delivery, by a way that there is. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import type { JsonObject } from "../../fhir/index.ts";
import { registerGuardian } from "../../journal/index.ts";
import { patient } from "../../journal/testing/index.ts";
import {
  letterCode,
  loopCounts,
  loopsOf,
  readCode,
  stepDelivery,
  transportsFor,
  watchLoops,
  type DeliveryDeed,
  type LetterContent,
  type RecipientFacts,
} from "../index.ts";
import { fresh, loopJournalOfFile, UNITS, type LoopRow, type UnitName } from "../testing/index.ts";

const SEED = Number(process.env["EIRA_SEED"] ?? 20_261_122);
const PNR = "http://electronichealth.se/identifier/personnummer";
const ADDRESS = [{ line: ["Storgatan 1"], postalCode: "504 30", city: "BORÅS" }];
const SECRET = {
  security: [{ system: "http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel", code: "sekretessmarkering" }],
};

const journal = await loopJournalOfFile();
before(async () => {
  const people: [string, string, JsonObject][] = [
    ["grown", "1970-01-01", {}],
    ["kid", "2020-05-05", {}],
    ["lone", "2020-05-05", {}], // a child whom nobody is registered for
    ["secret", "1970-01-01", { meta: SECRET }],
    ["dead", "1940-01-01", { deceasedBoolean: true }],
    ["nowhere", "1970-01-01", { identifier: [{ system: "urn:x", value: "1" }], address: [{ text: "okänd" }] }],
  ];
  for (const [id, birthDate, more] of people)
    await journal.put(
      patient(id, { birthDate, identifier: [{ system: PNR, value: id }], address: ADDRESS, ...more }),
      null,
    );
  const guardian = { id: "g1", patient: "kid", number: `${PNR}|grown`, since: "2020-05-05T00:00:00Z" };
  await registerGuardian(journal.client(), guardian);
  for (const of of ["kid", "secret"])
    await journal.put({ resourceType: "RelatedPerson", id: `of-${of}`, patient: ref(`Patient/${of}`), identifier: [{ system: PNR, value: "grown" }], address: ADDRESS }); // prettier-ignore
});

const ref = (reference: string): JsonObject => ({ reference });
const isCode = (code: string) => (error: { code?: string }) => error.code === code;
const to = (reference: string, way?: string): JsonObject => ({
  reference,
  ...(way === undefined ? {} : { extension: [{ url: "urn:eira:letter:transport", valueCode: way }] }),
});

/** A letter about a patient, and its deliveries by recipient. */
async function letter(
  of: string,
  recipient: readonly JsonObject[],
  more: JsonObject = {},
): Promise<{ id: string; by: Map<string, LoopRow & { recipient: string }> }> {
  const id = fresh("letter");
  await journal.write({ resourceType: "Communication", id, status: "completed", subject: ref(`Patient/${of}`), sender: ref("PractitionerRole/role-sender1"), recipient, sent: journal.clock().toISOString(), payload: [{ contentString: "Välkommen på besök." }], ...more }); // prettier-ignore
  return { id, by: await deliveries(id) };
}
async function deliveries(id: string): Promise<Map<string, LoopRow & { recipient: string }>> {
  const rows = await journal.sql<LoopRow & { recipient: string }>(
    "SELECT id, kind, state, owner, responsible, sender, receiver, risk, level, version, parent, recipient FROM loop WHERE subject_id = $1",
    [id],
  );
  return new Map(rows.map((row) => [row.recipient, row]));
}
const only = async (of: string, way?: string): Promise<LoopRow> => {
  const one = (await letter(of, [to(`Patient/${of}`, way)])).by.get(`Patient/${of}`);
  assert.ok(one !== undefined);
  return one;
};
const step = (loop: string, did: DeliveryDeed, key = fresh("key"), unit: UnitName = "sender") =>
  stepDelivery(journal.at(unit), { of: { loop }, did, key }).then(({ value }) => value);

test(`LOOP-LETTER-1 a letter has the ways that its recipient and its words leave, and no others, whatever it is made of (seed ${SEED})`, () => {
  const flag = fc.boolean();
  const facts: fc.Arbitrary<RecipientFacts> = fc.oneof(
    fc.record({ kind: fc.constant("patient" as const), isDead: flag, isProtected: flag, page: fc.constantFrom("patient" as const, "guardian" as const, null), hasAddress: flag, hasNumber: flag }), // prettier-ignore
    fc.record({ kind: fc.constant("relative" as const), isProtected: flag, mayRead: flag, hasAddress: flag }),
    fc.record({ kind: fc.constant("unit" as const), hasInbox: flag }),
    fc.record({ kind: fc.constant("address" as const), isComplete: flag }),
  );
  const content: fc.Arbitrary<LetterContent> = fc.record({ isEmpty: flag, isText: flag, isForPatient: flag, isForOthers: flag }); // prettier-ignore
  const seen = new Set<string>();
  fc.assert(
    fc.property(facts, content, (who, said) => {
      const ways = transportsFor(who, said);
      for (const way of ways) seen.add(`${who.kind} ${way}`);
      assert.equal(new Set(ways).size, ways.length);
      if (said.isEmpty) assert.deepEqual(ways, []);
      if (ways.includes("page")) assert.ok(who.kind === "patient" && who.page !== null && !who.isDead && said.isForPatient && said.isText); // prettier-ignore
      if (ways.includes("page") && who.kind === "patient" && who.page === "guardian") assert.ok(said.isForOthers);
      if (ways.includes("relay")) assert.ok(who.kind === "patient" && who.isProtected && who.hasNumber);
      if (ways.includes("inbox")) assert.ok(who.kind === "unit" && who.hasInbox);
      if (ways.includes("paper") && "isProtected" in who) assert.ok(!who.isProtected && who.hasAddress && said.isForPatient || who.kind === "relative"); // prettier-ignore
      if (who.kind === "relative" && (who.isProtected || !who.mayRead)) assert.deepEqual(ways, []);
    }),
    { seed: SEED, numRuns: 2000 },
  );
  assert.deepEqual([...seen].toSorted(), ["address paper", "patient page", "patient paper", "patient relay", "relative paper", "unit inbox"]); // prettier-ignore
});

test("LOOP-LETTER-2 each recipient is a delivery: the page has it at once, paper waits to be printed, what no way leads to has failed and is its sender's", async () => {
  const unit = UNITS.sender.careUnit;
  const address = { resourceType: "Organization", id: "a1", name: "Försäkringen", address: ADDRESS };
  const { by } = await letter("kid", [to("Patient/kid"), to("Patient/kid"), to("RelatedPerson/of-kid"), to("Organization/asked"), to("Patient/grown", "page"), to("#a1"), to("#a1", "page")], { contained: [address] }); // prettier-ignore
  const told = [...by]
    .map(([recipient, { kind, state, owner }]) => [recipient, kind, state, owner])
    .toSorted((a, b) => String(a[0]).localeCompare(String(b[0])));
  assert.deepEqual(told, [
    ["#a1", "letter", "failed", unit], // asked for twice, and no page has an address
    ["Organization/asked", "message", "received", UNITS.asked.careUnit],
    ["Patient/grown", "letter", "failed", unit], // another patient's page is no way to this one
    ["Patient/kid", "letter", "received", unit],
    ["RelatedPerson/of-kid", "letter", "created", unit],
  ]);
  for (const [of, way, state] of [
    ["grown", undefined, "received"],
    ["grown", "paper", "created"],
    ["grown", "relay", "failed"],
    ["lone", undefined, "created"], // nobody opens the page: paper
    ["lone", "page", "failed"],
    ["secret", "paper", "failed"],
    ["secret", "relay", "created"],
    ["secret", undefined, "received"],
    ["dead", undefined, "failed"],
    ["nowhere", undefined, "failed"],
  ] as const)
    assert.equal((await only(of, way)).state, state, `${of} ${way}`);
  assert.equal((await letter("secret", [to("RelatedPerson/of-secret")])).by.get("RelatedPerson/of-secret")?.state, "failed"); // prettier-ignore
  const hidden = await letter("grown", [to("Patient/grown")], { meta: { security: [{ system: "urn:x", code: "NOPATIENT" }] } }); // prettier-ignore
  assert.equal(hidden.by.get("Patient/grown")?.state, "failed");
  const empty = await letter("grown", [to("Patient/grown")], { payload: [{ contentString: "  " }] }).catch(() => undefined); // prettier-ignore
  assert.ok(empty === undefined || empty.by.get("Patient/grown")?.state === "failed");
  const draft = await letter("grown", [to("Patient/grown")], { status: "preparation" });
  assert.equal(draft.by.size, 0);
});

test("LOOP-LETTER-3 what is on its way needs nobody until it is late; then it is its sender's, in the inbox; taken back it ends; history opens nothing", async () => {
  const at = journal.at("sender");
  const inbox = async (): Promise<readonly string[]> =>
    (await loopsOf(at, { side: "owner", mine: false, kinds: ["letter"], late: false, doneSince: null, after: null, limit: 200 })).value.loops.map(({ id }) => id); // prettier-ignore
  const open = async (): Promise<number> =>
    (await loopCounts(at)).value.find(({ kind }) => kind === "letter")?.open ?? 0;
  const { id: unread } = await only("grown");
  assert.equal((await inbox()).includes(unread), false);
  assert.equal((await inbox()).length, await open());
  const sent = await loopsOf(at, { side: "sender", mine: true, kinds: ["letter"], late: false, doneSince: null, after: null, limit: 200 }); // prettier-ignore
  assert.ok(sent.value.loops.some(({ id }) => id === unread));
  const [row] = await journal.sql<{ deadline: Date }>("SELECT deadline FROM loop WHERE id = $1", [unread]);
  journal.clock.forward(Number(row?.deadline) - journal.clock().getTime() + 1000);
  while (await watchLoops(journal.options));
  const [late] = await journal.sql("SELECT owner, responsible, level, state FROM loop WHERE id = $1", [unread]);
  assert.deepEqual(late, { owner: UNITS.sender.careUnit, responsible: `${UNITS.sender.careUnit}-P1`, level: 1, state: "received" }); // prettier-ignore
  assert.ok((await inbox()).includes(unread));
  const back = await letter("grown", [to("Patient/grown")]);
  await journal.write({ resourceType: "Communication", id: back.id, status: "entered-in-error", subject: ref("Patient/grown"), recipient: [to("Patient/grown")] }); // prettier-ignore
  assert.deepEqual([...(await deliveries(back.id)).values()].map(({ state, owner }) => [state, owner]), [["mistaken", null]]); // prettier-ignore
});

test(`LOOP-LETTER-4 a code leads to its delivery as people type it; any one wrong character, and any two that changed places, lead nowhere (seed ${SEED})`, async () => {
  const { id } = await only("grown", "paper");
  const code = letterCode(id) ?? "";
  assert.match(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]$/);
  const typed = code.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l");
  const { value } = await stepDelivery(journal.at("sender"), {
    of: { code: typed },
    did: "printed",
    key: fresh("key"),
  });
  assert.deepEqual([value.loop, value.state], [id, "transferred"]);
  await assert.rejects(stepDelivery(journal.at("asked"), { of: { code }, did: "left", key: fresh("key") }), isCode("NOT_FOUND")); // prettier-ignore
  const plain = code.replaceAll("-", "");
  const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  for (let at = 0; at < plain.length; at += 1) {
    for (const other of digits)
      if (other !== plain[at]) assert.equal(readCode(plain.slice(0, at) + other + plain.slice(at + 1)), undefined);
    const [a = "", b = ""] = [plain[at], plain[at + 1]];
    if (b !== "" && a !== b) assert.equal(readCode(plain.slice(0, at) + b + a + plain.slice(at + 2)), undefined);
  }
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), (text) => void readCode(text)),
    { seed: SEED, numRuns: 200 },
  );
  assert.equal(letterCode("given-by-others"), undefined);
});

test("LOOP-LETTER-5 printed, left and returned are each said once; unread goes another way as a step of the same delivery, by a way that there is", async () => {
  const { id } = await only("grown", "paper");
  assert.equal((await step(id, "printed", "p1")).state, "transferred");
  const { version } = await step(id, "printed", "p1");
  assert.equal(version, 2); // the second click
  const again = await step(id, "printed");
  assert.deepEqual([again.state, again.note], ["transferred", "printed again"]);
  assert.equal((await step(id, "left")).state, "received");
  assert.equal((await step(id, "left")).version, 4); // somebody else said it too
  const returned = await step(id, "returned");
  assert.deepEqual([returned.state, returned.note], ["failed", "returned by post"]);
  assert.equal((await journal.sql("SELECT owner FROM loop WHERE id = $1", [id]))[0]?.["owner"], UNITS.sender.careUnit);
  const onPage = await step(id, "page", "way");
  assert.deepEqual([onPage.state, onPage.transport], ["received", "page"]);
  assert.deepEqual(await step(id, "page", "way"), onPage);
  await assert.rejects(step(id, "printed"), isCode("LOOP_STEP")); // it is no paper any more
  const onPaper = await step(id, "paper");
  assert.deepEqual([onPaper.state, onPaper.transport], ["created", "paper"]);
  await assert.rejects(step(id, "relay"), isCode("LETTER_NO_WAY"));
  // Protected since: paper is no way any longer, and nothing was changed by trying.
  const hidden = patient("grown", { birthDate: "1970-01-01", identifier: [{ system: PNR, value: "grown" }], address: ADDRESS, meta: SECRET }); // prettier-ignore
  await journal.put(hidden, null);
  await assert.rejects(step(id, "paper"), isCode("LETTER_NO_WAY"));
  assert.equal((await step(id, "relay")).transport, "relay");
  await assert.rejects(step(id, "printed", fresh("key"), "asked"), isCode("NOT_FOUND"));
  await assert.rejects(step(id, "printed", ""), isCode("LOOP_INVALID"));
  const lines = await journal.log();
  assert.ok(lines.some(({ action, patient: whose }) => action === "print letter" && whose === "grown"));
});
