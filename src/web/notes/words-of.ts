/** The search words that the pane shows: those of the template, and after them what was written under others, so that a change of template loses nothing. SPEC WEB-WRITE-2 */
import type { Template } from "../wire/notes.ts";
import type { Held } from "./note-saver.ts";

export type ShownWord = { readonly key: string; readonly title: string; readonly isNeeded: boolean };

export function canonicalOf({ url, version }: Pick<Template, "url" | "version">): string {
  return `${url}|${version}`;
}

export function wordsOf(
  templates: readonly Template[],
  { template, sections }: Pick<Held, "template" | "sections">,
): readonly ShownWord[] {
  const own = templates.find((one) => canonicalOf(one) === template)?.words ?? [];
  const known = new Set(own.map(({ key }) => key));
  const others = [...sections.values()].filter(({ key, text, also }) => !known.has(key) && (text.trim() !== "" || also.length > 0)); // prettier-ignore
  return [...own, ...others.map(({ key, title }) => ({ key, title, isNeeded: false }))];
}
