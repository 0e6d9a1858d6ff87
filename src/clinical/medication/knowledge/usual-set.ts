/** The set that Eira comes with: small, with the source of each entry. A region replaces it by its own (read.ts). SPEC CLIN-MED-KNOW-1 */
import type { KnowledgeSet } from "./model.ts";
import { LIMITS, PRODUCTS, SUBSTANCES } from "./usual-drugs.ts";
import { AGES, ALLERGY_NAMES, CROSSES, DUPLICATES, INTERACTIONS, KIDNEY, LABORATORY, PREGNANCY, VALIDITIES, WEEKLY } from "./usual-rules.ts"; // prettier-ignore

const SMPC = "Produktresumé (SmPC) för läkemedel med substansen, publicerad av Läkemedelsverket eller EMA";

export const USUAL_SET: KnowledgeSet = {
  format: "eira-medication-knowledge-1",
  name: "Eiras grunduppsättning för läkemedelskontroll",
  version: "2026.11.2",
  owner: "Eira, klinisk kunskap (läkemedelskommittén där systemet används övertar den)",
  date: "2026-11-23",
  sources: {
    atc: "WHO Collaborating Centre for Drug Statistics Methodology, ATC/DDD Index",
    "smpc-2": `${SMPC}: avsnitt 2 och 3, styrka och läkemedelsform`,
    "smpc-4.2": `${SMPC}: avsnitt 4.2, dosering`,
    "smpc-4.3": `${SMPC}: avsnitt 4.3, kontraindikationer`,
    "smpc-4.4": `${SMPC}: avsnitt 4.4, varningar och försiktighet`,
    "smpc-4.5": `${SMPC}: avsnitt 4.5, interaktioner`,
    "smpc-4.6": `${SMPC}: avsnitt 4.6, fertilitet, graviditet och amning`,
    "ema-kodein": "EMA/CMDh 2013: begränsad användning av kodein mot smärta hos barn",
    "ema-metoklopramid": "EMA/CHMP 2013: begränsad användning av metoklopramid",
    "ema-metformin": "EMA/CHMP 2016: metformin vid nedsatt njurfunktion",
    "ema-metotrexat": "EMA/PRAC 2019: åtgärder mot att metotrexat av misstag tas dagligen",
    setting: "Inställning i Eira utan publicerad källa: den som äger kunskapsunderlaget bestämmer den",
    textbook: "Allmän klinisk farmakologi, i enlighet med läroböcker i ämnet",
  },
  substances: SUBSTANCES,
  products: PRODUCTS,
  limits: LIMITS,
  weekly: WEEKLY,
  interactions: INTERACTIONS,
  crosses: CROSSES,
  allergyNames: ALLERGY_NAMES,
  ages: AGES,
  pregnancy: PREGNANCY,
  kidney: KIDNEY,
  laboratory: LABORATORY,
  duplicates: DUPLICATES,
  validities: VALIDITIES,
};
