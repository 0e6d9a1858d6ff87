/** The words of ordering in the language of choice. SPEC WEB-LANG */
import { useLanguage } from "../language/language.tsx";
import { en } from "./texts.en.ts";
import { sv, type OrderTexts } from "./texts.ts";

export function useOrderTexts(): OrderTexts {
  return useLanguage().code === "en" ? en : sv;
}
