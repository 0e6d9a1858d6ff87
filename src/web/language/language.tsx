/**
 * The language of the screens: Swedish first, English as a choice. English is fetched only when chosen.
 *
 * SPEC WEB-LANG
 */
import { createContext, useContext, useEffect, useLayoutEffect, useMemo, useState, type ReactNode } from "react";
import { readPreference, writePreference } from "./preferences.ts";
import { sv, type Texts } from "../texts.ts";

export type LanguageCode = "sv" | "en";
type Language = { readonly code: LanguageCode; readonly texts: Texts; readonly choose: (code: LanguageCode) => void };

const Context = createContext<Language>({ code: "sv", texts: sv, choose: () => undefined });

export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [code, setCode] = useState<LanguageCode>(readPreference("language") === "en" ? "en" : "sv");
  const [english, setEnglish] = useState<Texts>();
  useEffect(() => {
    if (code === "en") void import("../texts.en.ts").then((found) => setEnglish(found.en));
  }, [code]);
  const texts = code === "en" && english ? english : sv;
  // In the same moment as the words: whoever reads the page aloud never reads the one language as the other.
  useLayoutEffect(() => {
    document.documentElement.lang = texts === sv ? "sv" : "en";
  }, [texts]);
  const language = useMemo(
    (): Language => ({
      code,
      texts,
      choose: (chosen) => {
        writePreference("language", chosen);
        setCode(chosen);
      },
    }),
    [code, texts],
  );
  return <Context value={language}>{children}</Context>;
}

/** The catalogue in the chosen language. */
export function useTexts(): Texts {
  return useContext(Context).texts;
}

export function useLanguage(): Language {
  return useContext(Context);
}
