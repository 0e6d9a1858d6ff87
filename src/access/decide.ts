/**
 * The decision: facts in, grounds or refusal out, each with its rule, the law it stands on and one Swedish sentence.
 * Closed by default: what no rule opens is refused, and facts that do not hold together are refused too.
 *
 * SPEC ACC-DECIDE · PDL (2008:355) 4 kap. 1–2 §§, lag (2022:913) om sammanhållen vård- och omsorgsdokumentation
 */
import { narrowingOf, type AppGrant } from "./app.ts";
import type { Actor, ClientActor, PatientActor, PersonActor, Verb } from "./actor.ts";
import { faultOfFooting } from "./footing.ts";
import { isOpenAtDoor, type DoorReach } from "./patient/door-reach.ts";
import { decideWork, isForCare, OTHER_WORK, type Work } from "./work.ts";

export type Interaction = "read" | "vread" | "history" | "search" | "create" | "update" | "patch" | "delete";

export type Question = {
  readonly interaction: Interaction;
  readonly type: string;
  /** Today's date in the region (YYYY-MM-DD). */
  readonly today: string;
  /** Work that reads no chart, when it is part of that. */
  readonly work?: Work | undefined;
};

/**
 * What one care provider owns (and data that belongs to nobody), as far as it is not blocked for the care unit or the employee
 * that reads. All three are HSA-ids.
 */
export type CareReach = {
  readonly kind: "provider";
  readonly careProvider: string;
  readonly careUnit: string;
  readonly employee: string;
};

/** How far the grounds reach: all of the region, what a person may reach, or what is read at the patient's own door. */
export type GroundsReach = { readonly kind: "region" } | CareReach | DoorReach;

export type Grounds = {
  readonly rule: string;
  readonly law: string;
  readonly sentence: string;
  readonly reach: GroundsReach;
};
export type Refusal = {
  readonly rule: string;
  readonly law: string;
  readonly sentence: string;
  readonly alarm: boolean;
};
export type Decision = { readonly grounds: Grounds } | { readonly refusal: Refusal };

const VERB: Readonly<Record<Interaction, Verb>> = {
  read: "r",
  vread: "r",
  history: "r",
  search: "s",
  create: "c",
  update: "u",
  patch: "u",
  delete: "d",
};

/** What belongs to the region's directory and code systems: staff read it, nobody changes it from a chart. */
const DIRECTORY: ReadonlySet<string> = new Set([
  "ActivityDefinition",
  "CodeSystem",
  "ConceptMap",
  "Device",
  "Endpoint",
  "HealthcareService",
  "Location",
  "Medication",
  "Organization",
  "Practitioner",
  "PractitionerRole",
  "Questionnaire",
  "StructureDefinition",
  "ValueSet",
]);

/** Types that are not read in the course of care: they steer the system or log it. */
const NOT_FOR_CARE: ReadonlySet<string> = new Set(["*", "AuditEvent", "Bundle", "Parameters", "Subscription"]);

/** True for types that are the region's common knowledge and belong to no care provider. */
export function isDirectory(type: string): boolean {
  return DIRECTORY.has(type);
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Decides one interaction with one resource type for one actor. Pure and total: every input gets an answer. */
export function decide(actor: Actor, question: Question): Decision {
  if (!DATE.test(question.today)) return malformed("Dagens datum saknas.");
  if (actor.kind === "patient") return decidePatient(actor, question);
  if (actor.kind === "client") return decideClient(actor, question);
  const decision = decidePerson(actor, question);
  return actor.app === undefined || "refusal" in decision ? decision : decideApp(actor.app, question, decision.grounds);
}

/** An application's scopes are held against what the person's grounds open, and can only take away from it. */
function decideApp(app: AppGrant, { interaction, type }: Question, own: Grounds): Decision {
  const narrowing = narrowingOf(app, type, VERB[interaction]);
  if (narrowing === "none")
    return refuse(
      "ACC-APP",
      "PDL 4 kap. 2 §",
      `Appen ${app.name} har inte behörighet för det här (${type}, ${interaction}).`,
    );
  if (narrowing !== "whole" && interaction !== "read" && interaction !== "search")
    return refuse(
      "ACC-APP-NARROW",
      "PDL 4 kap. 2 §",
      `Appen ${app.name} har en avgränsad behörighet, som bara gäller att läsa och söka det som gäller nu.`,
    );
  return { grounds: { ...own, sentence: `${own.sentence} Genom appen ${app.name}.` } };
}

/** At the patient's own door nothing is written, and older versions have no labels to go by. */
function decidePatient({ door }: PatientActor, { interaction, type }: Question): Decision {
  if ("refusal" in door) return { refusal: { ...door.refusal, alarm: door.alarms.length > 0 } };
  if (!isOpenAtDoor(interaction, type))
    return refuse("ACC-DOOR-KIND", "PDL 5 kap. 5 §", "Den här typen av uppgift lämnas inte ut på det här sättet.");
  return { grounds: { ...door.grounds, reach: door.reach } };
}

function decideClient(client: ClientActor, { interaction, type }: Question): Decision {
  const verb = VERB[interaction];
  const scope = client.scopes.find((one) => (one.type === "*" || one.type === type) && one.verbs.has(verb));
  if (scope === undefined) {
    return refuse(
      "ACC-SCOPE",
      "PDL 4 kap. 2 §",
      `Systemet ${client.name} har inte behörighet för det här (${type}, ${interaction}).`,
    );
  }
  return {
    grounds: {
      rule: "ACC-SCOPE",
      law: "PDL 4 kap. 2 §",
      sentence: `Systemet ${client.name} har behörigheten system/${scope.type}.${[...scope.verbs].join("")}.`,
      reach: { kind: "region" },
    },
  };
}

function decidePerson(person: PersonActor, { interaction, type, today, work }: Question): Decision {
  const { assignment } = person;
  if (![assignment.providerHsaId, assignment.unitHsaId].every(isOneWord))
    return malformed("Uppdraget saknar vårdgivare eller vårdenhet.");
  if (!isOneWord(person.hsaId)) return malformed("Den som har uppdraget saknar HSA-id.");
  if ((assignment.from ?? today) > today || (assignment.until ?? today) < today) {
    return refuse("ACC-ASSIGNMENT", "PDL 4 kap. 2 §", "Medarbetaruppdraget gäller inte i dag.");
  }
  const fault = faultOfFooting(assignment);
  if (fault !== undefined) return { refusal: { ...fault, alarm: false } };
  if (work !== undefined) return decideWork(person, { work, type, verb: VERB[interaction] });
  if (!isForCare(assignment)) return { refusal: { ...OTHER_WORK, alarm: false } };
  if (NOT_FOR_CARE.has(type))
    return refuse("ACC-NOT-FOR-CARE", "PDL 4 kap. 1 §", "Den här typen av uppgift läses inte i vården av en patient.");
  const writes = VERB[interaction] !== "r" && VERB[interaction] !== "s";
  if (writes && DIRECTORY.has(type))
    return refuse(
      "ACC-DIRECTORY",
      "PDL 4 kap. 2 §",
      "Kataloguppgifter ändras av katalogens förvaltare, inte från en journal.",
    );
  if (DIRECTORY.has(type)) {
    return grounds(
      "ACC-DIRECTORY",
      "PDL 4 kap. 2 §",
      "Kataloguppgifter är öppna för den som har ett medarbetaruppdrag.",
      person,
    );
  }
  return grounds(
    "ACC-NEED",
    "PDL 4 kap. 1 §",
    `${person.title} med uppdrag vid ${assignment.unit} deltar i vården hos ${assignment.provider}.`,
    person,
  );
}

/** An HSA-id goes to the database as one word among others: one with a blank in it would be another one there. */
function isOneWord(text: string): boolean {
  return /^\S+$/.test(text) && text !== "*";
}

function grounds(rule: string, law: string, sentence: string, { hsaId, assignment }: PersonActor): Decision {
  const { providerHsaId: careProvider, unitHsaId: careUnit } = assignment;
  return { grounds: { rule, law, sentence, reach: { kind: "provider", careProvider, careUnit, employee: hsaId } } };
}

function refuse(rule: string, law: string, sentence: string): Decision {
  return { refusal: { rule, law, sentence, alarm: false } };
}

/** Facts that do not hold together are refused, and someone has to look at them. */
function malformed(sentence: string): Decision {
  return { refusal: { rule: "ACC-MALFORMED", law: "PDL 4 kap. 2 §", sentence, alarm: true } };
}
