/**
 * The seal of words: a SHA-256 that travels with a text and is computed anew by whoever shows or receives it. It is of the words alone, in
 * one canonical form, so that it is the same in FHIR JSON, FHIR XML, HL7 v2, on a screen and on paper.
 *
 * SPEC BASE-WORDS · failure mode F17 (words that vanish) · https://unicode.org/reports/tr15/ (NFC)
 */
import { sha256 } from "./sha256.ts";

/** Stands between the texts of one sealed thing; no FHIR string may hold it, so two lists of texts never become the same. */
const BETWEEN = "\u001e";

/**
 * A text in the form that is sealed: Unicode NFC, and every CR LF and lone CR as LF. Nothing else is changed: no blank is trimmed or
 * joined, nothing is left out.
 */
export function canonicalWords(text: string): string {
  return (text.includes("\r") ? text.replaceAll(/\r\n?/g, "\n") : text).normalize("NFC");
}

/** The seal of texts in their order: SHA-256 of the UTF-8 of their canonical forms with U+001E between, in 64 hexadecimal digits. */
export function sealOfWords(texts: readonly string[]): string {
  return sha256(texts.map(canonicalWords).join(BETWEEN));
}

/** True for what has the form of a seal. */
export function isWordSeal(text: unknown): text is string {
  return typeof text === "string" && /^[0-9a-f]{64}$/.test(text);
}

const SHORT = 12;

/** A seal as it stands on paper: its first 48 bits in three groups, for instance `3f2a-91bc-77de`. */
export function shortSeal(seal: string): string {
  return (seal.slice(0, SHORT).match(/.{4}/g) ?? []).join("-");
}

const INVISIBLE = /[\s\p{Default_Ignorable_Code_Point}\p{Cc}]+/gu;

/**
 * What a reader of paper can see of a text: paper carries neither blanks nor line breaks as characters, nor what has no glyph. In NFC,
 * since a font shows a letter and its mark by one glyph.
 */
export function paperWords(text: string): string {
  return text.replaceAll(INVISIBLE, "").normalize("NFC");
}
