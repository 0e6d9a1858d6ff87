/**
 * Where the mapping meets the edge: the work on a message that came, and the writing of messages that are to go. Which partner it is
 * follows from the channel. SPEC EXCH-MAP-EDGE
 */
import { isJsonObject, type JsonObject } from "../../fhir/index.ts";
import { ownersOf, type JournalOptions, type Visit } from "../../journal/index.ts";
import type { NewSent } from "../../store/index.ts";
import type { Compose, ToCarry } from "../hl7v2/dispatch.ts";
import type { WorkOutcome, WorkStep, WorkTogether } from "../hl7v2/worker.ts";
import { actorOf } from "./actor.ts";
import { find } from "./find.ts";
import { objectIn, objectsIn, referenceIn, textIn, textsIn } from "./json.ts";
import { orderSegments, type OrderAction, type OrderOut } from "./orders.ts";
import { messageOf } from "./outgoing.ts";
import { hsaIdOf, unitNamed, type Partner } from "./partner.ts";
import { patientIdOf } from "./patient.ts";
import { takeIn, takeInTogether, type TakenIn } from "./take-in.ts";

export type EdgeOptions = { readonly journal: JournalOptions; readonly partners: readonly Partner[] };

function visitOf({ journal }: EdgeOptions, partner: Partner, request: string): Visit {
  return { ...journal, actor: actorOf(partner), request };
}

/** The work on a message: what it says is taken in; what cannot be is parked, each part with the unit that sees to it. */
export function mappingStep(options: EdgeOptions): WorkStep {
  return async ({ message, channel, position }) => {
    const partner = options.partners.find(({ channels }) => channels.in === channel.name);
    const note = "ingen mottagare är inställd för kanalen";
    if (partner === undefined) return { kind: "parked", faults: [{ owner: channel.owner, note }] };
    return outcomeOf(await takeIn(visitOf(options, partner, `hl7v2 ${channel.name} ${position}`), message, partner));
  };
}

/** Has requests that are meant for the partners' units sent by their channels, and those for no other unit. */
export async function routeOrders({ journal, partners }: EdgeOptions): Promise<void> {
  const routes = partners.flatMap(({ unit, channels }) =>
    channels.out === undefined ? [] : [{ worklist: unit, channel: channels.out }],
  );
  await journal.store.write("*", (tx) => tx.hl7.channels.route(routes));
}

/** The same for several messages of a channel, none of which shares a patient with another; nothing when each has to be worked on alone. */
export function mappingTogether(options: EdgeOptions): WorkTogether {
  return async (received) => {
    const [first] = received;
    const partner = options.partners.find(({ channels }) => channels.in === first?.channel.name);
    if (first === undefined || partner === undefined) return undefined;
    const visit = visitOf(
      options,
      partner,
      `hl7v2 ${first.channel.name} ${first.position}-${received.at(-1)?.position}`,
    );
    const messages = received.map(({ message }) => message);
    return (await takeInTogether(visit, messages, partner))?.map(outcomeOf);
  };
}

function outcomeOf({ outcome, written, exceptions }: TakenIn): WorkOutcome {
  const told = { outcome, written, exceptions: exceptions.map(({ reason, place }) => ({ reason, place })) };
  if (exceptions.length === 0) return { kind: "done", told };
  const faults = exceptions.map(({ owner, place, text }) => ({ owner: owner.careUnit, note: `${place}: ${text}` }));
  return { kind: "parked", faults, told };
}

const ACTIONS: Readonly<Record<string, OrderAction>> = { order: "new", change: "change", cancel: "cancel" };

/** Writes the message of an order that was placed, changed or cancelled, as it stands when it is written. */
export function orderComposer(options: EdgeOptions): Compose {
  return async ({ channel, payload, controlId }: ToCarry): Promise<readonly NewSent[]> => {
    const partner = options.partners.find(({ channels }) => channels.out === channel.name);
    const about = isJsonObject(payload as JsonObject) ? textIn((payload as JsonObject)["about"]) : undefined;
    const action = ACTIONS[textIn((payload as JsonObject)["event"]) ?? ""];
    if (partner === undefined || about === undefined || action === undefined)
      throw new RangeError(`${channel.name}: nobody knows how this is to be sent`);
    const visit = visitOf(options, partner, `hl7v2 ${channel.name} ${controlId}`);
    const out = await orderOut(visit, about, action);
    if (out === undefined) return [];
    const outgoing = { partner, control: controlId, now: visit.clock() };
    const message = messageOf(orderSegments(out, outgoing), outgoing);
    const type = partner.orders === "OML" ? "OML^O21" : "ORM^O01";
    return [
      { channel: channel.name, controlId, type, line: patientIdOf(out.order["subject"]), about, raw: message.bytes() },
    ];
  };
}

const GONE: ReadonlySet<string> = new Set(["revoked", "entered-in-error"]);

/** The order with what goes along; nothing for one that was called off before it had been sent. */
async function orderOut(visit: Visit, about: string, action: OrderAction): Promise<OrderOut | undefined> {
  const id = about.replace("ServiceRequest/", "");
  const found = await find(visit, "ServiceRequest", [
    ["_id", id],
    ["_include", "ServiceRequest:subject"],
    ["_include", "ServiceRequest:specimen"],
    ["_include", "ServiceRequest:requester"],
    ["_include:iterate", "PractitionerRole:practitioner"],
  ]);
  const order = found.get(about);
  const patient = found.get(referenceIn(order?.["subject"]) ?? "");
  if (order === undefined || patient === undefined) throw new RangeError(`${about} or its patient is not here`);
  if (action !== "cancel" && GONE.has(textIn(order["status"]) ?? "")) return undefined;
  const specimens = objectsIn(order["specimen"]).map((one) => found.get(referenceIn(one) ?? ""));
  const owner = (await ownersOf(visit, "ServiceRequest", [id])).get(id);
  const hsaId = owner?.careUnit ?? "";
  const unit = { hsaId, name: (await unitNamed(visit, hsaId))?.name ?? hsaId };
  return {
    action,
    order,
    patient,
    specimens: specimens.filter((one) => one !== undefined),
    unit,
    ...requesterIn(order, found),
  };
}

/** Who ordered: the person of the assignment that the order names. */
function requesterIn(order: JsonObject, found: ReadonlyMap<string, JsonObject>): Pick<OrderOut, "requester"> {
  const named = found.get(referenceIn(order["requester"]) ?? "");
  const person =
    named?.["resourceType"] === "PractitionerRole" ? found.get(referenceIn(named["practitioner"]) ?? "") : named;
  if (person?.["resourceType"] !== "Practitioner") return {};
  const [name] = objectsIn(person["name"]); // the first is the one in use
  const [given] = textsIn(name?.["given"]); // and only the first is called
  const parts = { hsaId: hsaIdOf(person), family: textIn(objectIn(name)["family"]), given };
  return { requester: Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) };
}
