/**
 * The sections of the chart that exist, in the order of the left navigation, with their address and their key after g.
 *
 * SPEC WEB-NAV · ux.md section 9
 */
import type { Texts } from "../texts.ts";

export type SectionId = keyof Texts["sections"];
export type SectionPath =
  | "/patienter/$patientId/oversikt"
  | "/patienter/$patientId/tidslinje"
  | "/patienter/$patientId/anteckningar"
  | "/patienter/$patientId/lakemedel"
  | "/patienter/$patientId/svar"
  | "/patienter/$patientId/matvarden"
  | "/patienter/$patientId/diagnoser"
  | "/patienter/$patientId/overkanslighet"
  | "/patienter/$patientId/remisser"
  | "/patienter/$patientId/vardkontakter"
  | "/patienter/$patientId/brev"
  | "/patienter/$patientId/vaccinationer"
  | "/patienter/$patientId/kallor"
  | "/patienter/$patientId/sparrar"
  | "/patienter/$patientId/ombud"
  | "/patienter/$patientId/vem-har-last";
export type SectionLink = { readonly id: SectionId; readonly path: SectionPath; readonly keys: readonly string[] };

export const SECTIONS: readonly SectionLink[] = [
  { id: "overview", path: "/patienter/$patientId/oversikt", keys: ["g ö", "g o"] },
  { id: "timeline", path: "/patienter/$patientId/tidslinje", keys: ["g t"] },
  { id: "notes", path: "/patienter/$patientId/anteckningar", keys: ["g a"] },
  { id: "medications", path: "/patienter/$patientId/lakemedel", keys: ["g l"] },
  { id: "results", path: "/patienter/$patientId/svar", keys: ["g s"] },
  { id: "vitals", path: "/patienter/$patientId/matvarden", keys: ["g m"] },
  { id: "problems", path: "/patienter/$patientId/diagnoser", keys: ["g d"] },
  { id: "allergies", path: "/patienter/$patientId/overkanslighet", keys: ["g u"] },
  { id: "referrals", path: "/patienter/$patientId/remisser", keys: ["g b", "g r"] },
  { id: "contacts", path: "/patienter/$patientId/vardkontakter", keys: ["g k"] },
  { id: "letters", path: "/patienter/$patientId/brev", keys: ["g y"] },
  { id: "immunizations", path: "/patienter/$patientId/vaccinationer", keys: ["g c"] },
  { id: "sources", path: "/patienter/$patientId/kallor", keys: ["g j"] },
  { id: "blocks", path: "/patienter/$patientId/sparrar", keys: ["g p"] },
  { id: "representatives", path: "/patienter/$patientId/ombud", keys: ["g f"] },
  { id: "readers", path: "/patienter/$patientId/vem-har-last", keys: ["g v"] },
];
