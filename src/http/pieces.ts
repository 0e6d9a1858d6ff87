/**
 * What stands in the body of one of the web application's own calls, piece by piece. Each area refuses with a code of its own, whose text
 * says what could not be done.
 *
 * SPEC HTTP-LETTER, HTTP-LOOP, HTTP-NOTE, HTTP-ORDER, HTTP-SPECIMEN, HTTP-REFERRAL, HTTP-PORTAL
 */
import { fhirErrorAt, isFhirId, isJsonArray, type JsonObject, type JsonValue } from "../fhir/index.ts";

export type Pieces = {
  /** Errors, as of all others here: the area's own, at `place` or under the name. */
  readonly textIn: (body: JsonObject, name: string, longest?: number, place?: string) => string;
  /** Null of what was not sent. */
  readonly maybeText: (body: JsonObject, name: string, longest: number) => string | null;
  readonly oneOf: <T extends string>(body: JsonObject, name: string, values: readonly T[]) => T;
  readonly wholeIn: (body: JsonObject, name: string) => number;
  readonly idIn: (value: JsonValue | undefined, name: string) => string;
  /** A hundred at most. */
  readonly listIn: (body: JsonObject, name: string) => readonly JsonValue[];
  /** Under which a change is done once: 8 to 100 printable characters. */
  readonly keyIn: (body: JsonObject) => string;
};

const LONGEST_KEY = 100;
const MOST = 100;

/** The readers of an area. */
export function piecesOf(
  code:
    | "LETTER_INVALID"
    | "LOOP_INVALID"
    | "MEDICATION_INVALID"
    | "NOTE_INVALID"
    | "OBSERVATION_INVALID"
    | "ORDER_INVALID"
    | "REGISTER_INVALID"
    | "SPECIMEN_INVALID",
): Pieces {
  const textIn: Pieces["textIn"] = (body, name, longest = Infinity, place = name) => {
    const value = body[name];
    if (typeof value !== "string" || value.length > longest) throw fhirErrorAt(code, place, place);
    return value;
  };
  return {
    textIn,
    maybeText: (body, name, longest) => ((body[name] ?? null) === null ? null : textIn(body, name, longest)),
    oneOf: (body, name, values) => {
      const found = values.find((one) => one === body[name]);
      if (found === undefined) throw fhirErrorAt(code, name, values.join(", "));
      return found;
    },
    wholeIn: (body, name) => {
      const value = body[name];
      if (typeof value !== "number" || !Number.isInteger(value)) throw fhirErrorAt(code, name, name);
      return value;
    },
    idIn: (value, name) => {
      if (typeof value !== "string" || !isFhirId(value)) throw fhirErrorAt(code, name, name);
      return value;
    },
    listIn: (body, name) => {
      const value = body[name];
      if (!isJsonArray(value) || value.length > MOST) throw fhirErrorAt(code, name, name);
      return value;
    },
    keyIn: (body) => {
      const key = textIn(body, "key", LONGEST_KEY);
      if (!/^[\x20-\x7e]{8,}$/.test(key)) throw fhirErrorAt(code, "key", `8-${LONGEST_KEY}`);
      return key;
    },
  };
}

/** A text in a call about the patient's own door. Errors: DOOR_INVALID. */
export function doorTextIn(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value === "string") return value;
  throw fhirErrorAt("DOOR_INVALID", name, { sv: name, en: name }, { sv: "en text", en: "a text" });
}
