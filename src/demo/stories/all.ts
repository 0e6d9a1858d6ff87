/** The life stories by name. SPEC DEMO-STORY */
import type { Story } from "../chart/chart.ts";
import { asthma, copd } from "./airways.ts";
import { anaphylaxis, penicillinAllergy } from "./allergies.ts";
import { baseline } from "./baseline.ts";
import { breastCancer } from "./breast-cancer.ts";
import { dementia, municipal } from "./care-home.ts";
import { childHealth } from "./child.ts";
import { chestPain, infarction } from "./coronary.ts";
import { diabetes2 } from "./diabetes.ts";
import { emergencyNow, unknownPatient } from "./emergency.ts";
import { infection, ironDeficiency, migraine, pollen, urinaryInfection } from "./everyday.ts";
import { frail } from "./frail.ts";
import { heartFailure } from "./heart-failure.ts";
import { atrialFibrillation } from "./heart-rhythm.ts";
import { hipFracture } from "./hip.ts";
import { hypertension } from "./hypertension.ts";
import { backPain, fracture, kneePain } from "./joints.ts";
import { death } from "./last-days.ts";
import { birth, pregnancy } from "./maternity.ts";
import { depression, psychiatricNoShow } from "./mind.ts";
import type { StoryName } from "./names.ts";
import { pneumonia } from "./pneumonia.ts";
import { referrals } from "./referral-states.ts";
import { screening } from "./screening.ts";
import { hypothyroidism, psoriasis } from "./skin-thyroid.ts";
import { recent, today } from "./these-days.ts";
import { inpatientNow } from "./wards.ts";

export const STORIES: Readonly<Record<StoryName, Story>> = {
  baseline,
  hypertension,
  diabetes2,
  asthma,
  copd,
  heartFailure,
  atrialFibrillation,
  depression,
  hipFracture,
  pneumonia,
  urinaryInfection,
  chestPain,
  infarction,
  hypothyroidism,
  psoriasis,
  anaphylaxis,
  penicillinAllergy,
  frail,
  childHealth,
  pregnancy,
  birth,
  psychiatricNoShow,
  breastCancer,
  referrals,
  screening,
  infection,
  fracture,
  kneePain,
  backPain,
  ironDeficiency,
  migraine,
  pollen,
  dementia,
  emergencyNow,
  inpatientNow,
  unknownPatient,
  death,
  today,
  recent,
  municipal,
};
