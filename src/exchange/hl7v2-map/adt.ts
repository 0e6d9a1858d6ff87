/**
 * ADT in: patients registered, changed, joined and parted; visits admitted, moved, discharged, and each of these taken back. Two who are
 * joined are both kept and linked, so that it can be undone. SPEC EXCH-MAP-ADT
 */
import type { JsonObject } from "../../fhir/index.ts";
import { joinedPair, partedPair, replacedBy, type Command, type Owner } from "../../journal/index.ts";
import { newPatientId } from "../../base/index.ts";
import type { Hl7Message, Segment } from "../hl7v2/codec/index.ts";
import type { EventContext } from "./event.ts";
import { NotMapped } from "./exceptions.ts";
import { escaped } from "./find.ts";
import { isIdentitySystem, numbersAt, numbersIn } from "./identifiers.ts";
import { nameOf, objectsIn, referenceIn, said, textIn } from "./json.ts";
import { patientFrom } from "./patient.ts";
import { patientOf, peopleWith, personIn } from "./people.ts";
import { textAt } from "./segments.ts";
import { isNews, union, writeOver, type News } from "./standing.ts";
import { VISIT_EVENT } from "./tables/index.ts";
import { toDateTime } from "./time.ts";
import { planVisit } from "./visits.ts";

const REGISTERS: ReadonlySet<string> = new Set(["A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A28", "A31"]);
const CANCELS: ReadonlySet<string> = new Set(["A11", "A12", "A13"]);

/** The commands of an ADT message. @throws NotMapped */
export async function planAdt(message: Hl7Message, context: EventContext): Promise<readonly Command[]> {
  const { event } = context;
  if (event === "A40" || event === "A37") return planLinks(message, context);
  if (!REGISTERS.has(event) && !CANCELS.has(event)) throw new NotMapped("message-unknown", "MSH-9");
  const { pid, known, people } = await personIn(context.visit, message);
  if (known === undefined && CANCELS.has(event)) throw new NotMapped("patient-unknown", `${pid.place}-3`);
  const written = REGISTERS.has(event) ? patientNews(pid, { known, people }, context) : undefined;
  const patient = known ?? written?.next ?? {};
  const commands = written !== undefined && isNews(written) ? [registered(written, context.partner.owner)] : [];
  const [pv1] = message.all("PV1");
  const isVisit = VISIT_EVENT.toFhir(event) !== undefined || (event === "A08" && textAt(pv1, "19.1") !== undefined);
  return isVisit ? [...commands, ...(await planVisit(pv1, patient, { ...context, ...occurredIn(message) }))] : commands;
}

/** EVN-6. @throws NotMapped for what is no time */
function occurredIn(message: Hl7Message): Pick<EventContext, "occurred"> {
  const [evn] = message.all("EVN"); // the standard allows one
  const told = textAt(evn, "6");
  if (told === undefined) return {};
  const occurred = toDateTime(told);
  if (occurred?.includes("T") !== true) throw new NotMapped("time-unreadable", "EVN-6");
  return { occurred };
}

type Known = { readonly known: JsonObject | undefined; readonly people: readonly JsonObject[] };

/** A patient as PID says, over what stands here. */
function patientNews(pid: Segment, { known: before, people }: Known, { visit, origin }: EventContext): News {
  const id = textIn(before?.["id"]) ?? newPatientId(visit.clock().getTime(), visit.random(10));
  const another = people.filter((one) => one["id"] !== id).flatMap(numbersIn);
  const next = said({ ...patientFrom(pid, before, another), resourceType: "Patient", id });
  return { next, before, origin: { ...origin, place: pid.place }, says: pid.fields.slice(2).join("|") };
}

/** A patient as written. Two who tell of the same new person at once make one: whoever comes second finds the number taken and looks again. */
function registered(news: News, owner: Owner): Command {
  const command = writeOver(news, owner);
  const number = numbersIn(news.next).find(({ system }) => isIdentitySystem(system));
  if (command.kind !== "update" || news.before !== undefined || number === undefined) return command;
  return { ...command, ifNoneExist: `identifier=${searched(number.system)}|${searched(number.value)}` };
}

function searched(text: string): string {
  return encodeURIComponent(escaped(text));
}

type Pair = { readonly stays: Segment; readonly goes: Segment; readonly field: number };

/** Who stays and who is joined with them: PID and MRG of A40, the two PID of A37. */
function pairsOf(message: Hl7Message, event: string): readonly Pair[] {
  const people = message.segments.filter(({ name }) => name === "PID" || name === "MRG");
  const pairs: Pair[] = [];
  for (let at = 0; at < people.length; at += 2) {
    const [stays, goes] = [people[at], people[at + 1]];
    const other = event === "A40" ? "MRG" : "PID";
    if (stays?.name !== "PID" || goes?.name !== other)
      throw new NotMapped("code-missing", event === "A40" ? "MRG" : "PID");
    pairs.push({ stays, goes, field: event === "A40" ? 1 : 3 });
  }
  if (pairs.length === 0) throw new NotMapped("code-missing", "PID");
  return pairs;
}

async function planLinks(message: Hl7Message, context: EventContext): Promise<readonly Command[]> {
  const commands: Command[] = [];
  for (const pair of pairsOf(message, context.event)) {
    const numbers = [...numbersAt(pair.stays, 3), ...numbersAt(pair.goes, pair.field)];
    const people = await peopleWith(context.visit, numbers);
    commands.push(...(context.event === "A40" ? joined(pair, people, context) : parted(pair, people, context)));
  }
  return commands;
}

/** The patient that numbers belong to as they stand, joined or not. */
function holderOf(segment: Segment, field: number, people: readonly JsonObject[]): JsonObject | undefined {
  const parted = people.map((one) => ({ ...one, link: [] }));
  const found = patientOf(segment, field, parted);
  return people.find((one) => one["id"] === found?.["id"]);
}

/** Neither loses anything: one points to the other, and the other back. A number that nobody here has becomes an old one of who stays. */
function joined(
  { stays, goes, field }: Pair,
  people: readonly JsonObject[],
  context: EventContext,
): readonly Command[] {
  const { partner, origin } = context;
  const survivor = holderOf(stays, 3, people);
  const prior = holderOf(goes, field, people);
  if (survivor === undefined && prior === undefined) throw new NotMapped("patient-unknown", `${stays.place}-3`);
  const news = patientNews(stays, { known: survivor, people }, context);
  const says = `${news.says ?? ""} ${goes.fields.join("|")}`;
  if (prior === undefined) {
    const old = numbersAt(goes, field).map(({ system, value }) => ({ use: "old", system, value }));
    const next = { ...news.next, identifier: union(news.next["identifier"], old) };
    const one = { ...news, next, says };
    return isNews(one) ? [registered(one, partner.owner)] : [];
  }
  if (nameOf(prior) === nameOf(news.next)) return [];
  const taken = objectsIn(prior["link"]).find(({ type }) => type === "replaced-by");
  if (taken !== undefined && referenceIn(taken["other"]) !== nameOf(news.next))
    throw new NotMapped("patient-several", `${goes.place}-${field}`);
  const { meta: _meta, ...kept } = prior;
  const pair =
    taken === undefined ? joinedPair({ survivor: news.next, replaced: kept }) : { survivor: news.next, replaced: kept };
  const replaces: JsonObject = { other: { reference: nameOf(prior) }, type: "replaces" };
  const both: readonly News[] = [
    { ...news, next: { ...pair.survivor, link: union(pair.survivor["link"], [replaces]) }, says },
    { next: pair.replaced, before: prior, origin, says },
  ];
  return both.filter(isNews).map((one) => registered(one, partner.owner));
}

/** The links between two go, and nothing else: what each of them had is still theirs. */
function parted(
  { stays, goes }: Pair,
  people: readonly JsonObject[],
  { partner, origin }: EventContext,
): readonly Command[] {
  const [one, other] = [holderOf(stays, 3, people), holderOf(goes, 3, people)];
  if (one === undefined || other === undefined) throw new NotMapped("patient-unknown", `${stays.place}-3`);
  const [survivor, replaced] = replacedBy(one) === textIn(other["id"]) ? [other, one] : [one, other];
  const pair = partedPair({ survivor, replaced });
  const without = (before: JsonObject, from: JsonObject, next: JsonObject): News => {
    const { meta: _meta, ...kept } = next;
    const link = objectsIn(next["link"]).filter((each) => referenceIn(each["other"]) !== nameOf(from));
    const says = `${stays.fields.join("|")} ${goes.fields.join("|")}`;
    return { next: said({ ...kept, link }), before, origin, says };
  };
  const both = [without(survivor, replaced, pair.survivor), without(replaced, survivor, pair.replaced)];
  return both.filter(isNews).map((news) => writeOver(news, partner.owner));
}
