/**
 * Takes a message in: what it says is mapped, matched and committed through the journal's door in one transaction. What cannot be taken in
 * is answered with its reason and owner; nothing of it is written. A message that comes again, or late, has no effect.
 * SPEC EXCH-MAP-IN
 */
import { FhirError } from "../../fhir/index.ts";
import { commit, type Command, type Visit, type Written } from "../../journal/index.ts";
import { Hl7Error, type Hl7Message } from "../hl7v2/codec/index.ts";
import { judgeMessageWords } from "../hl7v2/words.ts";
import { planAdt } from "./adt.ts";
import { planBooking } from "./bookings.ts";
import { planDocument } from "./documents.ts";
import type { EventContext } from "./event.ts";
import { NotMapped, REASONS, type Exception } from "./exceptions.ts";
import { orderFacts } from "./facts.ts";
import { nameText, type Named } from "./identifiers.ts";
import { placerAt, type OrderFacts } from "./match.ts";
import { orderOf, planAnswered, planStatus } from "./order-status.ts";
import type { Partner } from "./partner.ts";
import { planResult, type ResultContext } from "./results.ts";
import { groupsOf, textAt, type OrderGroup } from "./segments.ts";
import { toDateTime } from "./time.ts";

/** A part of a message that was not taken in, and the unit that has to see to it, by HSA-id. */
export type Quarantined = Exception & {
  readonly text: string;
  readonly owner: { readonly careProvider: string | null; readonly careUnit: string | null };
};

export type TakenIn = {
  /** `nothing`: it said nothing new. */
  readonly outcome: "applied" | "nothing" | "quarantined";
  /** `Type/id/_history/version` of what was written, also where other parts of the message were not taken in. */
  readonly written: readonly string[];
  readonly exceptions: readonly Quarantined[];
};

/** What a message asks to have written, and what of it could not be understood or matched. */
export type Plan = { readonly commands: readonly Command[]; readonly exceptions: readonly Quarantined[] };

const ATTEMPTS = 5;
const OVERTAKEN: ReadonlySet<string> = new Set(["VERSION_CONFLICT", "PRECONDITION_FAILED", "DUPLICATE"]);

/** Errors: whatever is no fault of the message (the database is away, nobody knows the outcome), to be tried again. */
export async function takeIn(visit: Visit, message: Hl7Message, partner: Partner): Promise<TakenIn> {
  for (let attempt = 1; ; attempt += 1) {
    const plan = await planOf(visit, message, partner);
    try {
      return await applied(visit, plan);
    } catch (error) {
      if (!(error instanceof FhirError) || error.status >= 500) throw error;
      if (OVERTAKEN.has(error.code) && attempt < ATTEMPTS) continue;
      const refused = quarantined(exceptionOf(error), partner.owner);
      return { outcome: "quarantined", written: [], exceptions: [...plan.exceptions, refused] };
    }
  }
}

/**
 * Takes messages of orders in together: one look at the record and one commit for all of them. Nothing, when one of them would have to be
 * taken in by itself: then nothing is written. Errors: as of `takeIn`.
 */
export async function takeInTogether(
  visit: Visit,
  messages: readonly Hl7Message[],
  partner: Partner,
): Promise<readonly TakenIn[] | undefined> {
  if (messages.length > MOST_TOGETHER || !messages.every(isOfOrders)) return undefined;
  const names = messages.flatMap((message) => [...namesOf(groupsOf(message).groups, [], partner).values()]);
  if (names.length > MOST_TOGETHER || new Set(names.map(nameText)).size < names.length) return undefined;
  const facts = await orderFacts(visit, names);
  if ([...facts.values()].some(({ others }) => others.size >= MOST_FACTS)) return undefined; // of so many not all may have come along
  const plans: Plan[] = [];
  for (const message of messages) plans.push(await planOf(visit, message, partner, () => Promise.resolve(facts)));
  const commands = plans.flatMap((plan) => plan.commands);
  if (merged(commands).length < commands.length) return undefined; // two speak of the same resource
  try {
    const { value } = commands.length === 0 ? { value: [] } : await commit(visit, commands);
    let at = 0;
    return plans.map((plan) => takenIn(plan, value.slice(at, (at += plan.commands.length))));
  } catch (error) {
    if (error instanceof FhirError && error.status < 500) return undefined;
    throw error;
  }
}

const MOST_TOGETHER = 128;
/** A search takes this much along; what it leaves out would be taken for missing. */
const MOST_FACTS = 2000;
const OF_ORDERS: ReadonlySet<string> = new Set(["ORU", "ORM", "ORR", "OML", "ORL"]);

function isOfOrders(message: Hl7Message): boolean {
  return OF_ORDERS.has(textAt(message.all("MSH")[0], "9.1") ?? "");
}

async function applied(visit: Visit, plan: Plan): Promise<TakenIn> {
  const { value } = plan.commands.length === 0 ? { value: [] } : await commit(visit, plan.commands);
  return takenIn(plan, value);
}

function takenIn({ exceptions }: Plan, value: readonly Written[]): TakenIn {
  const news = value.filter(({ outcome }) => outcome === "created" || outcome === "updated");
  const written = news.map(({ type, id, version }) => `${type}/${id}/_history/${version}`);
  if (exceptions.length > 0) return { outcome: "quarantined", written, exceptions };
  return { outcome: written.length === 0 ? "nothing" : "applied", written, exceptions };
}

function quarantined(exception: Exception, owner: Quarantined["owner"]): Quarantined {
  return { ...exception, text: REASONS[exception.reason].sv, owner };
}

/** What the record refused: the error's code and where in the resource, and nothing of what stood there. */
function refusalOf({ code, issues }: FhirError): Exception {
  const where = issues.flatMap(({ expression }) => expression ?? []).slice(0, 3);
  return { reason: "record-refused", place: [code, ...where].join(" ") };
}

type LookUp = (names: readonly Named[]) => Promise<ReadonlyMap<string, OrderFacts>>;
type Planner = (visit: Visit, message: Hl7Message, partner: Partner, look: LookUp) => Promise<Plan>;

const PLANNERS: Readonly<Record<string, Planner>> = {
  ORU: (_visit, message, partner, look) => planOrders(message, partner, look),
  ORM: (_visit, message, partner, look) => planOrders(message, partner, look),
  ORR: (_visit, message, partner, look) => planOrders(message, partner, look),
  OML: (_visit, message, partner, look) => planOrders(message, partner, look),
  ORL: (_visit, message, partner, look) => planOrders(message, partner, look),
  ADT: (visit, message, partner) => planEvent(visit, message, partner, planAdt),
  SIU: (visit, message, partner) => planEvent(visit, message, partner, planBooking),
  MDM: (visit, message, partner) => planEvent(visit, message, partner, planDocument),
};

async function planOf(
  visit: Visit,
  message: Hl7Message,
  partner: Partner,
  look: LookUp = (names) => orderFacts(visit, names),
): Promise<Plan> {
  const nothing = (exception: Exception): Plan => ({
    commands: [],
    exceptions: [quarantined(exception, partner.owner)],
  });
  try {
    if (judgeMessageWords(message) === "differs") throw new NotMapped("words-differ", "ZEW");
    const planner = PLANNERS[textAt(message.all("MSH")[0], "9.1") ?? ""];
    return planner === undefined
      ? nothing({ reason: "message-unknown", place: "MSH-9" })
      : await planner(visit, message, partner, look);
  } catch (error) {
    return nothing(exceptionOf(error));
  }
}

function exceptionOf(error: unknown): Exception {
  if (error instanceof NotMapped) return error.exception;
  if (error instanceof Hl7Error) return { reason: "message-unreadable", place: error.place };
  if (error instanceof FhirError && error.status < 500) return refusalOf(error);
  throw error;
}

/** An event of one patient: taken in whole or not at all. */
async function planEvent(
  visit: Visit,
  message: Hl7Message,
  partner: Partner,
  plan: (message: Hl7Message, context: EventContext) => Promise<readonly Command[]>,
): Promise<Plan> {
  const msh = message.all("MSH")[0];
  const [evn] = message.all("EVN"); // the standard allows one
  const told = textAt(evn, "2") ?? textAt(msh, "7") ?? "";
  const asOf = toDateTime(told);
  if (asOf === undefined || !asOf.includes("T")) throw new NotMapped("time-unreadable", "EVN-2");
  const origin = { source: sourceOf(partner, message), asOf, isDated: true, place: "MSH" };
  const context = { visit, partner, origin, event: textAt(msh, "9.2") ?? "" };
  return { commands: await plan(message, context), exceptions: [] };
}

/** Orders and their answers: each order of the message is taken in by itself, so that one that does not match holds no other back. */
async function planOrders(message: Hl7Message, partner: Partner, look: LookUp): Promise<Plan> {
  const msh = message.all("MSH")[0];
  const sent = toDateTime(textAt(msh, "7") ?? "");
  if (sent === undefined || !sent.includes("T")) throw new NotMapped("time-unreadable", "MSH-7");
  const [pid, ...others] = message.all("PID");
  if (others.length > 0) throw new NotMapped("patient-several", "PID[2]");
  const { groups } = groupsOf(message);
  if (groups.length === 0) throw new NotMapped("order-missing", "ORC");
  const plans = { commands: [] as Command[], exceptions: [] as Quarantined[] };
  const named = namesOf(groups, plans.exceptions, partner);
  const facts = await look([...named.values()]);
  const shared = { partner, pid, source: sourceOf(partner, message), sent };
  const plan = textAt(msh, "9.1") === "ORU" ? planOneAnswer : planStatus;
  for (const [group, name] of named) {
    const fact = facts.get(nameText(name));
    if (fact !== undefined) planOne(plans, fact, () => plan(group, { ...shared, facts: fact }), partner);
  }
  return { commands: merged(plans.commands), exceptions: plans.exceptions };
}

function planOneAnswer(group: OrderGroup, context: ResultContext): readonly Command[] {
  const order = orderOf(group, context);
  const commands = planResult(group, context, order);
  return [...commands, ...planAnswered(group, context, order)];
}

function namesOf(groups: readonly OrderGroup[], exceptions: Quarantined[], partner: Partner): Map<OrderGroup, Named> {
  const named = new Map<OrderGroup, Named>();
  for (const group of groups) {
    try {
      named.set(group, placerAt(group));
    } catch (error) {
      exceptions.push(quarantined(exceptionOf(error), partner.owner));
    }
  }
  return named;
}

function planOne(
  plans: { commands: Command[]; exceptions: Quarantined[] },
  facts: OrderFacts,
  plan: () => readonly Command[],
  partner: Partner,
): void {
  try {
    plans.commands.push(...plan());
  } catch (error) {
    const exception = exceptionOf(error);
    const owner = REASONS[exception.reason].owner === "orderer" ? facts.owner : partner.owner;
    plans.exceptions.push(quarantined(exception, owner));
  }
}

/** Several parts of a message may say the same of one resource, such as that its order is done: the last one counts. */
function merged(commands: readonly Command[]): readonly Command[] {
  const named = new Map<string, Command>();
  for (const command of commands) if ("id" in command) named.set(`${command.type}/${command.id}`, command);
  return [...named.values()];
}

/** The message as FHIR's meta.source names it: the system, and the message's own number in it. */
function sourceOf({ name }: Partner, message: Hl7Message): string {
  const control = textAt(message.all("MSH")[0], "10") ?? "";
  return `urn:eira:hl7v2:${name}#${encodeURIComponent(control)}`;
}
