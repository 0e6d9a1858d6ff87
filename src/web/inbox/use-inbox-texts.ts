/** The words of the ledger's screens in the chosen language. SPEC WEB-LANG */
import { useLanguage } from "../language/language.tsx";
import { en } from "./texts.en.ts";
import { sv, type InboxTexts } from "./texts.ts";

export function useInboxTexts(): InboxTexts {
  return useLanguage().code === "en" ? en : sv;
}
