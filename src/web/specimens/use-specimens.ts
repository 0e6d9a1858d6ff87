/** The words of drawing specimens, and where the labels of this computer come out. SPEC WEB-SPECIMEN */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLanguage } from "../language/language.tsx";
import { readPreference, writePreference } from "../language/preferences.ts";
import { placesQuery, type LabelPlace } from "../wire/specimens.ts";
import { en } from "./texts.en.ts";
import { sv, type SpecimenTexts } from "./texts.ts";

export function useSpecimenTexts(): SpecimenTexts {
  return useLanguage().code === "en" ? en : sv;
}

export type Place = {
  readonly places: readonly LabelPlace[];
  /** The place that was chosen at this computer and that the unit has; nothing is printed elsewhere by guess. */
  readonly chosen: LabelPlace | undefined;
  readonly choose: (code: string) => void;
  /** It must be chosen before anything is printed. */
  readonly isNeeded: boolean;
};

export function usePlace(): Place {
  const { data } = useQuery(placesQuery);
  const [code, setCode] = useState(() => readPreference("place"));
  const places = data?.items ?? [];
  const chosen = places.find((one) => one.code === code);
  const choose = (next: string): void => {
    writePreference("place", next);
    setCode(next);
  };
  return { places, chosen, choose, isNeeded: places.length > 0 && chosen === undefined };
}
