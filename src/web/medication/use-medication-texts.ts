/** The words of ordaining in the language of choice. SPEC WEB-LANG */
import { useLanguage } from "../language/language.tsx";
import { en } from "./texts.en.ts";
import { sv, type MedicationTexts } from "./texts.ts";

export function useMedicationTexts(): MedicationTexts {
  return useLanguage().code === "en" ? en : sv;
}
