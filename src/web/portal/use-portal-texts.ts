/** The words of the patient's own page in the chosen language. SPEC WEB-LANG */
import { useLanguage } from "../language/language.tsx";
import { en } from "./texts.en.ts";
import { sv, type PortalTexts } from "./texts.ts";

export function usePortalTexts(): PortalTexts {
  return useLanguage().code === "en" ? en : sv;
}
