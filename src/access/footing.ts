/**
 * Whoever works as a student, a deputy or on delegation does so for a stated time and under somebody who answers for it, and a student or a
 * delegate may do less than others.
 *
 * SPEC ACC-FOOTING · PDL (2008:355) 3 kap. 10 §, 4 kap. 2 §, SOSFS 1997:14 (section numbers not verified)
 */
import type { Assignment, PersonActor } from "./actor.ts";
import type { AccessRule } from "./patient/rules.ts";

/** On what footing somebody has an assignment; `by` is the HSA-id of the supervisor, of the one stood in for, or of the one who delegates. */
export type Footing = {
  readonly kind: "student" | "deputy" | "delegation";
  readonly by: string | null;
  /** What was delegated, in the words of the one who did. */
  readonly task: string | null;
};

/** What not everybody who cares for a patient may do. */
export type FootingAct = "sign" | "emergency" | "lift-block";

const NAMES: Readonly<Record<Footing["kind"], { readonly what: string; readonly who: string }>> = {
  student: { what: "studerande", who: "handledare" },
  deputy: { what: "ersättare", who: "den som ersätts" },
  delegation: { what: "den som fått en delegering", who: "den som har delegerat" },
};

const STUDENT: Readonly<Record<FootingAct, string>> = {
  sign: "En studerande signerar inte; anteckningen signeras av handledaren.",
  emergency: "En studerande gör ingen nödöppning; handledaren gör den.",
  "lift-block": "En studerande häver inga spärrar; handledaren gör det.",
};

const DELEGATE: Readonly<Record<FootingAct, string>> = {
  sign: "signera vad andra har skrivit",
  emergency: "göra nödöppningar",
  "lift-block": "häva spärrar",
};

/** Why the footing does not hold: it was given by nobody, for nothing, without an end, or for longer than a delegation may be. */
export function faultOfFooting({ footing, from, until }: Assignment): AccessRule | undefined {
  if (footing === undefined) return undefined;
  const { what, who } = NAMES[footing.kind];
  const refusal = (why: string): AccessRule => ({
    rule: "ACC-FOOTING",
    law: footing.kind === "delegation" ? "SOSFS 1997:14" : "PDL 4 kap. 2 §",
    sentence: `Uppdraget som ${what} gäller inte: ${why}.`,
  });
  if ((footing.by ?? "") === "") return refusal(`det saknar ${who}`);
  if (from === null || until === null) return refusal("det saknar början eller slut");
  if (footing.kind !== "delegation") return undefined;
  if ((footing.task ?? "") === "") return refusal("det säger inte vad som är delegerat");
  return until > aYearAfter(from) ? refusal("en delegering gäller i högst ett år") : undefined;
}

/** Why somebody may not do this on their footing; nothing when they may. `isOwn`: what they have written themselves. */
export function refusalOnFooting(
  { assignment: { footing } }: PersonActor,
  act: FootingAct,
  isOwn = false,
): AccessRule | undefined {
  if (footing?.kind === "student")
    return {
      rule: "ACC-FOOTING-STUDENT",
      law: act === "sign" ? "PDL 3 kap. 10 §" : "PDL 4 kap. 2 §",
      sentence: STUDENT[act],
    };
  if (footing?.kind !== "delegation" || (act === "sign" && isOwn)) return undefined;
  return {
    rule: "ACC-FOOTING-DELEGATION",
    law: "SOSFS 1997:14",
    sentence: `Delegeringen gäller «${footing.task ?? ""}», inte att ${DELEGATE[act]}.`,
  };
}

function aYearAfter(day: string): string {
  return `${String(Number(day.slice(0, 4)) + 1).padStart(4, "0")}${day.slice(4)}`;
}
