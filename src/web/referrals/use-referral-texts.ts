/** The words of referrals and waiting in the chosen language. SPEC WEB-LANG */
import { useLanguage } from "../language/language.tsx";
import { en } from "./texts.en.ts";
import { sv, type ReferralTexts } from "./texts.ts";

export function useReferralTexts(): ReferralTexts {
  return useLanguage().code === "en" ? en : sv;
}
