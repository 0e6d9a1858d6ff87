/** The words of writing notes in the language of choice. SPEC WEB-LANG */
import { useLanguage } from "../language/language.tsx";
import { en } from "./texts.en.ts";
import { sv, type NoteTexts } from "./texts.ts";

export function useNoteTexts(): NoteTexts {
  return useLanguage().code === "en" ? en : sv;
}
