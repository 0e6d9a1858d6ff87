/**
 * The texts of a note that a person can correct, one for each section or attached text, and the note with other texts in their places.
 * What was not touched keeps its markup to the byte.
 *
 * SPEC WEB-SIGNING-3
 */
import type { Attachment, Composition, CompositionSection, DocumentReference } from "fhir/r4";
import { readNarrative, type Shown } from "./narrative.ts";
import { sayConcept } from "./concepts.ts";

export type NoteText = { readonly title: string | undefined; readonly text: string };

/** In reading order. */
export function textsOf(note: Composition | DocumentReference): readonly NoteText[] {
  const found: NoteText[] = [];
  walk(note, (one) => void found.push(one));
  return found;
}

/** The same note with these texts, as many as it has; those that are as they were are left alone. */
export function withTexts<T extends Composition | DocumentReference>(note: T, texts: readonly string[]): T {
  let at = 0;
  return walk(note, ({ text }) => {
    const wanted = texts[at++] ?? text;
    return wanted === text ? undefined : wanted;
  });
}

/** What is read in a note, for comparing two versions of it. */
export function wholeText(note: Composition | DocumentReference): string {
  const title = note.resourceType === "Composition" ? note.title : (note.description ?? "");
  return [title, ...textsOf(note).map((one) => [one.title, one.text].filter(Boolean).join("\n"))].join("\n\n");
}

type Visit = (text: NoteText) => string | undefined | void;

function walk<T extends Composition | DocumentReference>(note: T, visit: Visit): T {
  if (note.resourceType === "DocumentReference")
    return {
      ...note,
      content: note.content.map((one) => ({ ...one, attachment: inAttachment(one.attachment, visit) })),
    };
  const { section } = note;
  return section === undefined ? note : { ...note, section: section.map((one) => inSection(one, visit)) };
}

function inSection(section: CompositionSection, visit: Visit): CompositionSection {
  const { text, section: inner } = section;
  const title = section.title ?? sayConcept(section.code);
  const changed = text?.div === undefined ? undefined : visit({ title, text: linesOf(text.div) });
  const own =
    typeof changed === "string"
      ? { ...section, text: { ...text, status: "generated" as const, div: divOf(changed) } }
      : section;
  return inner === undefined ? own : { ...own, section: inner.map((one) => inSection(one, visit)) };
}

function inAttachment(attachment: Attachment, visit: Visit): Attachment {
  const { data, contentType, title } = attachment;
  if (data === undefined || contentType?.startsWith("text/plain") !== true) return attachment;
  const text = new TextDecoder().decode(Uint8Array.from(atob(data), (char) => char.charCodeAt(0)));
  const changed = visit({ title, text });
  if (typeof changed !== "string") return attachment;
  const bytes = new TextEncoder().encode(changed);
  const { size: _size, hash: _hash, ...rest } = attachment; // of the text that was
  return { ...rest, data: btoa(String.fromCharCode(...bytes)) };
}

const BREAKS = new Set(["p", "div", "li", "tr", "br", "heading", "dt", "dd", "pre", "blockquote"]);

/** A narrative as lines of text. */
export function linesOf(div: string): string {
  const write = (nodes: readonly Shown[]): string =>
    nodes
      .map((node) => {
        if (typeof node === "string") return node.replace(/\s+/g, " ");
        return BREAKS.has(node.name) ? `\n${write(node.children)}\n` : write(node.children);
      })
      .join("");
  return write(readNarrative(div))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}

/** Lines of text as a narrative. */
export function divOf(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const escaped = lines.map((line) => line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"));
  return `<div xmlns="http://www.w3.org/1999/xhtml">${escaped.map((line) => `<p>${line}</p>`).join("")}</div>`;
}
