/** The words of the log reviewers' screens in the chosen language. SPEC WEB-LANG */
import { useLanguage } from "../language/language.tsx";
import { en } from "./texts.en.ts";
import { sv, type ReviewTexts } from "./texts.ts";

export function useReviewTexts(): ReviewTexts {
  return useLanguage().code === "en" ? en : sv;
}
