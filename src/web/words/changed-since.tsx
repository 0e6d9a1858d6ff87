/** What changed in a record since an older version of it: before signing, in a corrected answer, in a note's history. SPEC WEB-WORDS-4 */
import { useQuery } from "@tanstack/react-query";
import type { FhirResource } from "fhir/r4";
import type { ReactNode } from "react";
import { wordsOf } from "../../base/index.ts";
import { useTexts } from "../language/language.tsx";
import { resourceQuery } from "../wire/words.ts";
import { Changes } from "./changes.tsx";

export function ChangedSince({
  resource,
  version,
  isSigned = false,
}: {
  readonly resource: FhirResource;
  /** The older one. */
  readonly version: number;
  readonly isSigned?: boolean;
}): ReactNode {
  const { words, load } = useTexts();
  const { data, error } = useQuery(resourceQuery(`${resource.resourceType}/${resource.id}/_history/${version}`));
  if (data === undefined) return <p role="status">{error ? words.notFetched : load.loading}</p>;
  const [before, after] = [readText(data), readText(resource)];
  if (before === after) return <p className="dim">{words.unchangedSince(version)}</p>;
  return (
    <>
      <p>{isSigned ? words.sinceSigned(version) : words.sinceVersion(version)}</p>
      <Changes before={before} after={after} />
    </>
  );
}

/** The words of a record in lines, as people read them; a narrative of the whole only where nothing else says it. */
export function readText(resource: FhirResource): string {
  const found = wordsOf(resource).filter(({ form }) => form !== "document");
  const own = found.filter(({ place }) => place !== "text");
  return (own.length > 0 ? own : found).map(({ text }) => text).join("\n");
}
