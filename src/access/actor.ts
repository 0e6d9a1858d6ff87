/**
 * Who asks: a person who works under an assignment (medarbetaruppdrag), or a machine client with SMART scopes. Facts
 * only; what they lead to is decided in `decide.ts`.
 *
 * SPEC ACC-ACTOR · https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
 */
import type { AppGrant } from "./app.ts";
import type { Footing } from "./footing.ts";
import type { Reader } from "./patient/door-facts.ts";
import type { DoorAccess } from "./patient/door-reach.ts";

export type Assignment = {
  readonly id: string;
  readonly unit: string;
  readonly unitHsaId: string;
  readonly provider: string;
  readonly providerHsaId: string;
  readonly role: string;
  /** First and last calendar day of the assignment (YYYY-MM-DD); null is open. */
  readonly from: string | null;
  readonly until: string | null;
  /** What the assignment is for, in the words of the national log; without one it is for care. */
  readonly purpose?: string;
  /** The role's id in the directory, and the need-and-risk analysis that it rests on, of work that reads no chart. */
  readonly roleId?: string;
  readonly analysis?: string | null;
  /** As what it is held, when it is no ordinary one. */
  readonly footing?: Footing;
};

export type PersonActor = {
  readonly kind: "person";
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly hsaId: string;
  /** Staff whose own personal data are protected: patients are not told who they are. */
  readonly protectedIdentity?: true;
  readonly assignment: Assignment;
  /** The application that acts in the person's name. */
  readonly app?: AppGrant;
};

export type ClientActor = {
  readonly kind: "client";
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Care provider and unit that own what the client creates; null for directory data and imports that say it themselves. */
  readonly careProvider: string | null;
  readonly careUnit: string | null;
};

/** Somebody at the patient's own door: the patient, a guardian, or a proxy for the patient. */
export type PatientActor = {
  readonly kind: "patient";
  /** The id of the reader's own Patient resource, and the name. */
  readonly id: string;
  readonly name: string;
  /** The reader's identity number, as system|value. */
  readonly number: string;
  /** Whose records are asked for, and in what capacity. */
  readonly patient: string;
  readonly reader: Reader;
  /** What the facts open at this moment. */
  readonly door: DoorAccess;
};

export type Actor = PersonActor | ClientActor | PatientActor;

/** One SMART 2 scope: what may be done (c r u d s) with which resource type (`*` is all). */
export type Scope = { readonly type: string; readonly verbs: ReadonlySet<Verb> };

/** create, read, update, delete, search */
export type Verb = "c" | "r" | "u" | "d" | "s";

const SCOPE = /^system\/(\*|[A-Z][A-Za-z]+)\.(c?r?u?d?s?|read|write|\*)$/;
const OLD_NAMES: Readonly<Record<string, string>> = { read: "rs", write: "cud", "*": "cruds" };

/**
 * Reads a scope text such as `system/*.cruds system/Patient.rs`. Answers nothing when any part of it is malformed: a
 * scope that cannot be understood must not widen what the others say.
 */
export function parseScopes(text: string): readonly Scope[] | undefined {
  const parts = text.split(/\s+/).filter((part) => part !== "");
  const scopes: Scope[] = [];
  for (const part of parts) {
    const found = SCOPE.exec(part);
    const verbs = found?.[2];
    if (found?.[1] === undefined || verbs === undefined || verbs === "") return undefined;
    scopes.push({ type: found[1], verbs: new Set((OLD_NAMES[verbs] ?? verbs).split("") as Verb[]) });
  }
  return scopes.length === 0 ? undefined : scopes;
}

/** What both allow. */
export function commonScopes(some: readonly Scope[], others: readonly Scope[]): Scope[] {
  return some.flatMap((one) =>
    others.flatMap((other) => {
      if (one.type !== other.type && one.type !== "*" && other.type !== "*") return [];
      const verbs = new Set([...one.verbs].filter((verb) => other.verbs.has(verb)));
      return verbs.size === 0 ? [] : [{ type: one.type === "*" ? other.type : one.type, verbs }];
    }),
  );
}
