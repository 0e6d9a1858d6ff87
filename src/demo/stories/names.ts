/** The names of the life stories; what each does is in stories/all.ts. */
export const STORY_NAMES = [
  "baseline", "hypertension", "diabetes2", "asthma", "copd", "heartFailure", "atrialFibrillation", "depression", "hipFracture",
  "pneumonia", "urinaryInfection", "chestPain", "infarction", "hypothyroidism", "psoriasis", "anaphylaxis", "penicillinAllergy", "frail",
  "childHealth", "pregnancy", "birth", "psychiatricNoShow", "breastCancer", "referrals", "screening", "infection", "fracture",
  "kneePain", "backPain", "ironDeficiency", "migraine", "pollen", "dementia", "emergencyNow", "inpatientNow", "unknownPatient", "death",
  "today", "recent", "municipal",
] as const;

export type StoryName = (typeof STORY_NAMES)[number];
