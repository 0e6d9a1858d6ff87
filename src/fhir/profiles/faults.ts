/**
 * What can be wrong with a resource by a profile, in words. `{0}` is the profile's name, `{1}` and `{2}` are names and
 * numbers from its definition, never a value of the resource.
 *
 * SPEC FHIR-PROFILE · https://hl7.org/fhir/R4/profiling.html
 */
import type { IssueCode } from "../outcome-catalogue.ts";
import type { Severity } from "../outcomes.ts";

export interface ProfileFault {
  readonly code: IssueCode;
  /** An error unless told. */
  readonly severity?: Severity;
  readonly sv: string;
  readonly en: string;
}

export const PROFILE_FAULTS = {
  type: {
    code: "structure",
    sv: "Profilen {0} gäller {1}, inte den här resurstypen.",
    en: "The profile {0} is about {1}, not this type of resource.",
  },
  few: {
    code: "required",
    sv: "Här ska finnas minst {1} enligt profilen {0}.",
    en: "There must be at least {1} here by the profile {0}.",
  },
  many: {
    code: "structure",
    sv: "Här får finnas högst {1} enligt profilen {0}.",
    en: "There may be at most {1} here by the profile {0}.",
  },
  sliceFew: {
    code: "required",
    sv: "Det ska finnas minst {2} av slaget {1} enligt profilen {0}.",
    en: "There must be at least {2} of the kind {1} by the profile {0}.",
  },
  sliceMany: {
    code: "structure",
    sv: "Det får finnas högst {2} av slaget {1} enligt profilen {0}.",
    en: "There may be at most {2} of the kind {1} by the profile {0}.",
  },
  sliceClosed: {
    code: "structure",
    sv: "Det här är inget av de slag som profilen {0} tillåter.",
    en: "This is none of the kinds that the profile {0} permits.",
  },
  sliceOrder: {
    code: "structure",
    sv: "Det här slaget ({1}) står i fel ordning enligt profilen {0}.",
    en: "This kind ({1}) is out of order by the profile {0}.",
  },
  sliceEnd: {
    code: "structure",
    sv: "Det som profilen {0} inte räknar upp får bara stå sist.",
    en: "What the profile {0} does not list may only stand last.",
  },
  form: {
    code: "structure",
    sv: "Här ska stå {1} enligt profilen {0}.",
    en: "{1} is expected here by the profile {0}.",
  },
  fixed: {
    code: "value",
    sv: "Värdet är inte det som profilen {0} bestämmer.",
    en: "The value is not the one that the profile {0} fixes.",
  },
  pattern: {
    code: "value",
    sv: "Värdet saknar det som profilen {0} kräver.",
    en: "The value lacks what the profile {0} demands.",
  },
  long: {
    code: "too-long",
    sv: "Texten får ha högst {1} tecken enligt profilen {0}.",
    en: "The text may have at most {1} characters by the profile {0}.",
  },
  least: {
    code: "value",
    sv: "Värdet är mindre än vad profilen {0} tillåter.",
    en: "The value is less than the profile {0} permits.",
  },
  most: {
    code: "value",
    sv: "Värdet är större än vad profilen {0} tillåter.",
    en: "The value is more than the profile {0} permits.",
  },
  target: {
    code: "value",
    sv: "Hänvisningen får bara gå till {1} enligt profilen {0}.",
    en: "The reference may only point at {1} by the profile {0}.",
  },
  targetProfile: {
    code: "value",
    sv: "Det som hänvisningen går till följer inte {1}, som profilen {0} kräver.",
    en: "What the reference points at does not conform to {1}, which the profile {0} demands.",
  },
  typeProfile: {
    code: "structure",
    sv: "Det här följer inte någon av de profiler som {0} kräver: {1}.",
    en: "This conforms to none of the profiles that {0} demands: {1}.",
  },
  invariant: {
    code: "invariant",
    sv: "Villkoret {1} i profilen {0} är inte uppfyllt.",
    en: "{2} ({1}, profile {0})",
  },
  invariantWarning: {
    code: "invariant",
    severity: "warning",
    sv: "Rekommendationen {1} i profilen {0} är inte följd.",
    en: "{2} ({1}, profile {0})",
  },
  invariantUnknown: {
    code: "not-supported",
    severity: "information",
    sv: "Villkoret {1} i profilen {0} går inte att pröva här.",
    en: "The condition {1} of the profile {0} cannot be judged here.",
  },
  code: {
    code: "code-invalid",
    sv: "Koden finns inte i värdemängden {1}, som profilen {0} kräver.",
    en: "The code is not in the value set {1}, which the profile {0} demands.",
  },
  codeAdvised: {
    code: "code-invalid",
    severity: "warning",
    sv: "Koden finns inte i värdemängden {1}, som profilen {0} vill ha när någon av dess koder passar.",
    en: "The code is not in the value set {1}, which the profile {0} wants where one of its codes fits.",
  },
  codeUnknown: {
    code: "not-supported",
    severity: "information",
    sv: "Koden är inte prövad: värdemängden {1} (profilen {0}) eller dess kodverk finns inte här.",
    en: "The code was not judged: the value set {1} (profile {0}) or its code systems are not here.",
  },
  profileUnknown: {
    code: "not-found",
    severity: "warning",
    sv: "Profilen {0} finns inte här, så resursen är inte prövad mot den.",
    en: "The profile {0} is not here, so the resource was not held against it.",
  },
  profileMissing: {
    code: "not-found",
    sv: "Profilen {0} finns inte här.",
    en: "The profile {0} is not here.",
  },
  innerUnknown: {
    code: "not-found",
    severity: "information",
    sv: "Det här är inte prövat mot {1}, som profilen {0} kräver men som inte finns här.",
    en: "This was not held against {1}, which the profile {0} demands but which is not here.",
  },
  extensionUnknown: {
    code: "extension",
    severity: "information",
    sv: "Definitionen av tillägget {0} finns inte här, så det är inte prövat.",
    en: "The definition of the extension {0} is not here, so it was not judged.",
  },
  modifierUnknown: {
    code: "extension",
    severity: "warning",
    sv: "Tillägget {0} ändrar innebörden av det som det står i, och dess definition finns inte här.",
    en: "The extension {0} changes the meaning of what it stands in, and its definition is not here.",
  },
  extensionContext: {
    code: "extension",
    sv: "Tillägget {0} får inte stå här.",
    en: "The extension {0} may not stand here.",
  },
  extensionPlace: {
    code: "extension",
    sv: "Tillägget {0} står bland fel sorts tillägg: det som ändrar innebörd ska stå i modifierExtension, och bara det.",
    en: "The extension {0} stands among the wrong kind: what changes meaning stands in modifierExtension, and nothing else.",
  },
  slicingUnknown: {
    code: "not-supported",
    severity: "information",
    sv: "Profilen {0} delar in det här på ett sätt som inte går att pröva här.",
    en: "The profile {0} divides this in a way that cannot be judged here.",
  },
  costly: {
    code: "too-costly",
    sv: "Resursen är inte prövad till slut mot sina profiler: det kräver för mycket arbete.",
    en: "The resource was not judged to the end by its profiles: it takes too much work.",
  },
  more: {
    code: "incomplete",
    sv: "Det finns fler fel än de som räknas upp här.",
    en: "There are more faults than are listed here.",
  },
} as const satisfies Record<string, ProfileFault>;
