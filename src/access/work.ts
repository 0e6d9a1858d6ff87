/**
 * Work that reads no chart: reviewing the access log, and keeping the directory of who may do what. Each has a role of its own in the
 * directory, purposes that it may be given for, and grounds of its own. An assignment for one purpose never opens what
 * another is for: who reviews reads no chart, and who cares for patients reviews nothing.
 *
 * SPEC ACC-WORK · PDL (2008:355) 2 kap. 4 §, 4 kap. 2 §, HSLF-FS 2016:40 4 kap. (section numbers not verified)
 */
import type { Assignment, PersonActor, Verb } from "./actor.ts";
import type { Decision } from "./decide.ts";
import type { Purpose } from "./patient/facts.ts";

export type Work = "log-review" | "directory";

type WorkRule = {
  /** The directory's role that the work is given in. */
  readonly role: string;
  readonly purposes: readonly Purpose[];
  readonly rule: string;
  readonly law: string;
  readonly sentence: (person: PersonActor) => string;
  /** What the work reads and writes. */
  readonly opens: Readonly<Record<string, string>>;
};

const DIRECTORY_TYPES = ["Organization", "Location", "Practitioner", "PractitionerRole", "CodeSystem"];

export const WORKS: Readonly<Record<Work, WorkRule>> = {
  "log-review": {
    role: "logggranskare",
    purposes: ["Kvalitetssäkring", "Administration"],
    rule: "ACC-LOG-REVIEW",
    law: "PDL 4 kap. 3 §, HSLF-FS 2016:40 4 kap. 9 §",
    sentence: ({ assignment }) => `Granskar åtkomstloggen på uppdrag av ${assignment.provider}.`,
    // A patient who asks for an extract is found by number; patients' questions about the log are Tasks.
    opens: { AuditEvent: "crs", Patient: "s", Task: "rsu" },
  },
  directory: {
    role: "behorighetsadministrator",
    purposes: ["Administration"],
    rule: "ACC-DIRECTORY-KEEPER",
    law: "PDL 4 kap. 2 §, HSLF-FS 2016:40 4 kap.",
    sentence: ({ assignment }) => `Förvaltar katalogen på uppdrag av ${assignment.provider}.`,
    opens: { ...Object.fromEntries(DIRECTORY_TYPES.map((type) => [type, "crus"])), Provenance: "c" },
  },
};

const CARE: Purpose = "Vård och behandling";

/** True of an assignment whose sessions read charts: for care, which is what an assignment without a purpose is for. */
export function isForCare({ purpose }: Pick<Assignment, "purpose">): boolean {
  return (purpose ?? CARE) === CARE;
}

/** The work that an assignment is for, by its role and purpose; whether its role is active is decided at each request. */
export function workOf({ purpose, roleId }: Pick<Assignment, "purpose" | "roleId">): Work | undefined {
  return (Object.keys(WORKS) as Work[]).find(
    (work) => WORKS[work].role === roleId && WORKS[work].purposes.some((one) => one === purpose),
  );
}

/** Whether the person may do this of the work; the assignment's days have been looked at. Closed by default. */
export function decideWork(
  person: PersonActor,
  { work, type, verb }: { readonly work: Work; readonly type: string; readonly verb: Verb },
): Decision {
  const { assignment } = person;
  const { rule, law, sentence, opens } = WORKS[work];
  if (workOf(assignment) !== work) return { refusal: { ...OTHER_WORK, alarm: false } };
  if ((assignment.analysis ?? "") === "") return { refusal: { ...NO_ANALYSIS, alarm: false } };
  if (!(Object.hasOwn(opens, type) && opens[type]?.includes(verb) === true))
    return { refusal: { ...OTHER_WORK, alarm: false } };
  return { grounds: { rule, law, sentence: sentence(person), reach: { kind: "region" } } };
}

/** What a session for another purpose than care meets everywhere but in its own work. */
export const OTHER_WORK = {
  rule: "ACC-USE-PURPOSE",
  law: "PDL 2 kap. 4 §",
  sentence: "Uppdraget gäller ett annat ändamål och öppnar inte det här.",
} as const;

const NO_ANALYSIS = {
  rule: "ACC-ANALYSIS",
  law: "PDL 4 kap. 2 §, HSLF-FS 2016:40 4 kap.",
  sentence: "Rollen får inte användas förrän dess behovs- och riskanalys är gjord och angiven.",
} as const;
