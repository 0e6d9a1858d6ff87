/** The words of registering in the language of choice. SPEC WEB-LANG */
import { useLanguage } from "../language/language.tsx";
import { en } from "./texts.en.ts";
import { sv, type RegistrationTexts } from "./texts.ts";

export function useRegistrationTexts(): RegistrationTexts {
  return useLanguage().code === "en" ? en : sv;
}
