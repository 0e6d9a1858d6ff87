/** The words of measuring in the language of choice. SPEC WEB-LANG */
import { useLanguage } from "../language/language.tsx";
import { en } from "./texts.en.ts";
import { sv, type ObservationTexts } from "./texts.ts";

export function useObservationTexts(): ObservationTexts {
  return useLanguage().code === "en" ? en : sv;
}
