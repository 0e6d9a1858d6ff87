/** Unit, author and profession in a cell, with words where they are not known. SPEC WEB-SOURCE */
import type { ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import type { Source } from "../say/sources.ts";

export function SourceText({ source }: { readonly source: Source }): ReactNode {
  const { source: texts } = useTexts();
  return (
    <>
      {source.unit ?? <span className="dim">{texts.unitMissing}</span>}
      {source.author ? (
        <span className="dim">
          {" · "}
          {source.author}
          {source.profession && !source.author.toLowerCase().includes(source.profession.toLowerCase())
            ? `, ${source.profession}`
            : ""}
        </span>
      ) : null}
    </>
  );
}
