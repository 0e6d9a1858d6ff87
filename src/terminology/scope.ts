/**
 * What one operation works with: the library that its caller can reach, what it may cost, which versions of code systems
 * it is told to use, and in which languages its caller reads.
 *
 * SPEC TERM-SCOPE
 */
import type { Budget } from "./budget.ts";
import type { Concept, ConceptSource, Designation } from "./concept.ts";
import { canonicalOf, type Library } from "./library.ts";

export type Scope = {
  readonly library: Library;
  readonly budget: Budget;
  /** Language tags, the most wanted first. */
  readonly languages: readonly string[];
  /** Versions to use of code systems that are not given with one (`url|version`). */
  readonly versions?: readonly string[];
  /** Versions to use whatever else is said (`url|version`). */
  readonly forced?: readonly string[];
};

export type Coding = {
  readonly system: string;
  readonly version?: string | undefined;
  readonly code: string;
  readonly display?: string | undefined;
};

/** The code system that an include or a coding means, or nothing when it is not known here. */
export function maybeSystem(
  { library, ...scope }: Scope,
  url: string,
  version: string | undefined,
): Promise<ConceptSource | undefined> {
  return library.maybeSystem({ url, version: versionIn(scope, url, version) });
}

/** The same. Errors: TERMINOLOGY_UNKNOWN. */
export function oneSystem(
  { library, ...scope }: Scope,
  url: string,
  version: string | undefined,
): Promise<ConceptSource> {
  return library.system({ url, version: versionIn(scope, url, version) });
}

function versionIn(
  { versions = [], forced = [] }: Pick<Scope, "versions" | "forced">,
  url: string,
  version: string | undefined,
): string | undefined {
  return versionFor(forced, url) ?? version ?? versionFor(versions, url);
}

function versionFor(versions: readonly string[], url: string): string | undefined {
  return versions.map((one) => canonicalOf(one)).find((one) => one.url === url)?.version;
}

/** The display in the first language that there is one in, else the concept's own. */
export function displayOf(
  { display, designations }: { readonly display: string | undefined; readonly designations: readonly Designation[] },
  own: string | undefined,
  languages: readonly string[],
): string | undefined {
  for (const language of languages) {
    if (own !== undefined && isIn(own, language)) return display;
    const found = designations.find((one) => one.language !== undefined && isIn(one.language, language));
    if (found !== undefined) return found.value;
  }
  return display;
}

/** Every text that a concept may be shown with. */
export function displaysOf({ display, designations }: Concept): string[] {
  return [...(display === undefined ? [] : [display]), ...designations.map(({ value }) => value)];
}

/** `sv-SE` is in `sv`, and `sv` will do for one who asks for `sv-SE`. */
function isIn(tag: string, wanted: string): boolean {
  const [one, other] = [tag.toLowerCase(), wanted.toLowerCase()];
  return one === other || one.startsWith(`${other}-`) || other.startsWith(`${one}-`);
}

/** The tags of an Accept-Language header, the most wanted first. */
export function languagesOf(header: string | undefined): string[] {
  return (header ?? "")
    .slice(0, 500)
    .split(",")
    .map((part, at) => {
      const [tag = "", quality] = part.split(";").map((one) => one.trim());
      const q = Number(/^q=([\d.]+)$/.exec(quality ?? "")?.[1] ?? 1);
      return { tag, q, at };
    })
    .filter(({ tag, q }) => /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/.test(tag) && q > 0)
    .toSorted((a, b) => b.q - a.q || a.at - b.at)
    .map(({ tag }) => tag);
}
