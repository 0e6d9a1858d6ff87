/**
 * What screens keep in their address after the question mark, read strictly: anything unknown is dropped, never guessed.
 *
 * SPEC WEB-URL-2
 */
import { sv, type Texts } from "./texts.ts";

type Raw = Readonly<Record<string, unknown>>;

export type SpanName = "1d" | "7d" | "1m" | "6m" | "1a" | "2a" | "5a" | "allt";
const SPANS: readonly SpanName[] = ["1d", "7d", "1m", "6m", "1a", "2a", "5a", "allt"];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export type SignInFailure = keyof Texts["signIn"]["failures"];
export type SignInSearch = { readonly till?: string; readonly fel?: SignInFailure };
export type TimelineSearch = {
  readonly typ?: string;
  readonly enhet?: string;
  readonly yrke?: string;
  readonly fran?: string;
  readonly tom?: string;
  readonly sok?: string;
  /** Lines in which all that is sought is denied are left out. */
  readonly nekade?: "dolj";
};
export type ResultsSearch = {
  readonly analys?: string;
  readonly tid?: SpanName;
  readonly sok?: string;
  readonly vy?: "utlatanden";
  readonly svar?: string;
};
export type NotesSearch = { readonly anteckning?: string; readonly sok?: string };
export type MedicationsSearch = { readonly visa?: "avslutade" };

export type PortalSearch = { readonly vy?: string; readonly person?: string; readonly del?: string };

/** What the patient's own page shows, and about whom. */
export function readPortalSearch(raw: Raw): PortalSearch {
  const [view, person] = [raw["vy"], raw["person"]];
  const isName = (value: unknown): value is string => typeof value === "string" && /^[a-z]{1,20}$/.test(value);
  const isId = (value: unknown): value is string => typeof value === "string" && /^[A-Za-z0-9.-]{1,64}$/.test(value);
  return {
    ...(isName(view) ? { vy: view } : {}),
    ...(isId(person) ? { person } : {}),
    ...(isName(raw["del"]) ? { del: raw["del"] } : {}),
  };
}

/** Where to go after signing in: only an address of this application. */
export function readSignInSearch(raw: Raw): SignInSearch {
  const [to, why] = [raw["till"], raw["fel"]];
  const isOurs = typeof to === "string" && /^\/(?![/\\])[^\\]*$/.test(to) && !to.startsWith("/logga-in");
  const isKnown = typeof why === "string" && Object.hasOwn(sv.signIn.failures, why);
  return { ...(isOurs ? { till: to } : {}), ...(isKnown ? { fel: why as SignInFailure } : {}) };
}

export function readTimelineSearch(raw: Raw): TimelineSearch {
  const hides = raw["nekade"] === "dolj" ? ({ nekade: "dolj" } as const) : {};
  return { ...texts(raw, "typ", "enhet", "yrke", "sok"), ...days(raw, "fran", "tom"), ...hides };
}

export function readResultsSearch(raw: Raw): ResultsSearch {
  const span = SPANS.find((one) => one === raw["tid"]);
  return {
    ...texts(raw, "analys", "sok", "svar"),
    ...(span ? { tid: span } : {}),
    ...(raw["vy"] === "utlatanden" ? { vy: "utlatanden" } : {}),
  };
}

export function readNotesSearch(raw: Raw): NotesSearch {
  return texts(raw, "anteckning", "sok");
}

export function readMedicationsSearch(raw: Raw): MedicationsSearch {
  return raw["visa"] === "avslutade" ? { visa: "avslutade" } : {};
}

const STATES = ["alla", "ej-granskade", "granskade"] as const;

export type ReviewSearch = {
  readonly urval?: string;
  readonly skal?: string;
  readonly lage?: (typeof STATES)[number];
};
export type QuestionsSearch = { readonly lage?: "besvarade" };
export type MonthsSearch = { readonly fran?: string; readonly till?: string };

const KINDS = [
  "order",
  "referral",
  "result",
  "letter",
  "specimen",
  "message",
  "task",
  "call",
  "signature",
  "fault",
] as const;

export type LoopsSearch = {
  readonly slag?: (typeof KINDS)[number];
  readonly vems?: "mina";
  readonly lage?: "sena";
};

/** Which rows of the inbox, or of what was sent, are listed. */
export function readLoopsSearch(raw: Raw): LoopsSearch {
  const kind = KINDS.find((one) => one === raw["slag"]);
  return {
    ...(kind ? { slag: kind } : {}),
    ...(raw["vems"] === "mina" ? { vems: "mina" } : {}),
    ...(raw["lage"] === "sena" ? { lage: "sena" } : {}),
  };
}

const CHANGES = ["duty", "role", "file"] as const;

export type PeopleSearch = { readonly sok?: string; readonly enhet?: string };
export type ChangeSearch = {
  readonly person?: string;
  readonly enhet?: string;
  readonly uppdrag?: string;
  readonly roll?: string;
  readonly slag?: (typeof CHANGES)[number];
};

export function readPeopleSearch(raw: Raw): PeopleSearch {
  return texts(raw, "sok", "enhet");
}

export function readChangeSearch(raw: Raw): ChangeSearch {
  const kind = CHANGES.find((one) => one === raw["slag"]);
  return { ...texts(raw, "person", "enhet", "uppdrag", "roll"), ...(kind ? { slag: kind } : {}) };
}

export function readReviewSearch(raw: Raw): ReviewSearch {
  const state = STATES.find((one) => one === raw["lage"]);
  return { ...texts(raw, "urval", "skal"), ...(state ? { lage: state } : {}) };
}

export function readQuestionsSearch(raw: Raw): QuestionsSearch {
  return raw["lage"] === "besvarade" ? { lage: "besvarade" } : {};
}

export function readMonthsSearch(raw: Raw): MonthsSearch {
  const found = Object.entries(texts(raw, "fran", "till"));
  return Object.fromEntries(found.filter(([, month]) => /^\d{4}-(?:0[1-9]|1[0-2])$/.test(month)));
}

function texts<K extends string>(raw: Raw, ...names: readonly K[]): { readonly [key in K]?: string } {
  const found = names.flatMap((name) => {
    const value = raw[name];
    const text = typeof value === "number" ? String(value) : value;
    return typeof text === "string" && text !== "" ? [[name, text] as const] : [];
  });
  return Object.fromEntries(found) as { readonly [key in K]?: string };
}

function days<K extends string>(raw: Raw, ...names: readonly K[]): { readonly [key in K]?: string } {
  const found = texts(raw, ...names);
  return Object.fromEntries(Object.entries(found).filter(([, day]) => DAY.test(String(day)))) as typeof found;
}
