/** The words of the directory's screens in the chosen language. SPEC WEB-LANG */
import { useLanguage } from "../language/language.tsx";
import { en } from "./texts.en.ts";
import { sv, type DirectoryTexts } from "./texts.ts";

export function useDirectoryTexts(): DirectoryTexts {
  return useLanguage().code === "en" ? en : sv;
}
