/**
 * Strict reading of a source file's objects: every field that is missing, of the wrong kind or unknown is noted with its
 * place, and reading goes on, so that whoever mends the file sees everything at once.
 *
 * SPEC CLIN-DIRECTORY-1
 */
import { isHsaId, parseLocalDate } from "../../base/index.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import type { Span } from "./model.ts";

/** What is wrong at a place of the file: `commission[3].member[0].personHsaId`. */
export type Problem = { readonly path: string; readonly sv: string; readonly en: string };

/** A file's own words are repeated no further than this. */
const MOST_SHOWN_CHARACTERS = 80;
const LONGEST_TEXT = 300;

export class Problems {
  readonly all: Problem[] = [];

  note(path: string, sv: string, en: string): void {
    this.all.push({ path, sv, en });
  }
}

/** One object of the file, whose fields are asked for by name; what nobody asked for is a problem. */
export class Fields {
  readonly path: string;
  private readonly from: JsonObject;
  private readonly problems: Problems;
  private readonly asked = new Set<string>();

  constructor(value: JsonValue | undefined, path: string, problems: Problems) {
    this.path = path;
    this.problems = problems;
    this.from = isJsonObject(value) ? value : {};
    if (!isJsonObject(value)) this.note("", "ska vara ett objekt", "is to be an object");
  }

  note(name: string, sv: string, en: string): void {
    this.problems.note(name === "" ? this.path : this.at(name), sv, en);
  }

  at(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }

  /** A text that must be there; empty after a problem. */
  text(name: string): string {
    const value = this.take(name);
    if (value === undefined) this.note(name, "saknas", "is missing");
    return this.asText(name, value) ?? "";
  }

  maybeText(name: string): string | null {
    return this.asText(name, this.take(name)) ?? null;
  }

  hsaId(name: string): string {
    const value = this.text(name);
    if (value !== "") this.refuseBadHsaId(name, value);
    return value;
  }

  maybeHsaId(name: string): string | null {
    const value = this.maybeText(name);
    if (value !== null) this.refuseBadHsaId(name, value);
    return value;
  }

  flag(name: string, usual: boolean): boolean {
    const value = this.take(name);
    if (value === undefined || typeof value === "boolean") return value ?? usual;
    this.note(name, "ska vara true eller false", "is to be true or false");
    return usual;
  }

  count(name: string): number | null {
    const value = this.take(name);
    if (value === undefined) return null;
    if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
    this.note(name, "ska vara ett antal", "is to be a count");
    return null;
  }

  oneOf<T extends string>(name: string, known: readonly T[], usual?: T): T {
    const value = usual === undefined ? this.text(name) : (this.maybeText(name) ?? usual);
    const found = known.find((one) => one === value);
    if (found === undefined && value !== "")
      this.note(
        name,
        `«${shown(value)}» är inte någon av ${known.join(", ")}`,
        `"${shown(value)}" is none of ${known.join(", ")}`,
      );
    return found ?? usual ?? known[0] ?? ("" as T);
  }

  /** A day, or null; a time of day may follow it, and does not count. */
  day(name: string): string | null {
    const text = this.maybeText(name);
    if (text === null) return null;
    const day = parseLocalDate(text.slice(0, 10));
    if (day !== undefined && /^(?:T\d{2}:\d{2}(?::\d{2})?)?$/.test(text.slice(10))) return day;
    this.note(
      name,
      `«${shown(text)}» är ingen dag (ÅÅÅÅ-MM-DD, svensk tid)`,
      `"${shown(text)}" is no day (YYYY-MM-DD, Swedish time)`,
    );
    return null;
  }

  /** First and last day, from two fields. */
  span(from: string, until: string): Span {
    const span = { from: this.day(from), until: this.day(until) };
    if (span.from !== null && span.until !== null && span.until < span.from)
      this.note(
        until,
        `slutar ${span.until}, före början ${span.from}`,
        `ends ${span.until}, before it begins ${span.from}`,
      );
    return span;
  }

  /** The objects of a list; none when the list is not there. */
  list(name: string): readonly Fields[] {
    const value = this.take(name);
    if (value === undefined) return [];
    if (isJsonArray(value))
      return value.map((one, index) => new Fields(one, `${this.at(name)}[${index}]`, this.problems));
    this.note(name, "ska vara en lista", "is to be a list");
    return [];
  }

  one(name: string): Fields | undefined {
    const value = this.take(name);
    return value === undefined ? undefined : new Fields(value, this.at(name), this.problems);
  }

  /** A misspelt field must not be read as a missing one. */
  close(): void {
    for (const name of Object.keys(this.from)) {
      if (!this.asked.has(name)) this.note(shown(name), "är inget fält som filen har", "is no field that the file has");
    }
  }

  private take(name: string): JsonValue | undefined {
    this.asked.add(name);
    return Object.hasOwn(this.from, name) ? this.from[name] : undefined;
  }

  private asText(name: string, value: JsonValue | undefined): string | undefined {
    if (value === undefined) return undefined;
    if (typeof value !== "string") this.note(name, "ska vara en text", "is to be a text");
    else if (value.trim() === "" || value !== value.trim())
      this.note(name, "är tom eller har blanktecken i kanten", "is empty or has blanks at its edge");
    else if (value.length > LONGEST_TEXT || /[\p{Cc}\p{Cs}]/u.test(value))
      this.note(name, "är för lång eller har styrtecken", "is too long or has control characters");
    else return value;
    return undefined;
  }

  private refuseBadHsaId(name: string, value: string): void {
    if (!isHsaId(value)) this.note(name, `«${shown(value)}» är inget HSA-id`, `"${shown(value)}" is no HSA-id`);
  }
}

function shown(text: string): string {
  const printable = text.replaceAll(/[\p{Cc}\p{Cs}]/gu, "?");
  return printable.length > MOST_SHOWN_CHARACTERS ? `${printable.slice(0, MOST_SHOWN_CHARACTERS)}…` : printable;
}
