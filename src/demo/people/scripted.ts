/** The households whose stories the demonstration tells on purpose. Beds are numbers within the unit. SPEC DEMO-PEOPLE */
import type { StoryName } from "../stories/names.ts";
import type { StoryPlan } from "./person.ts";
import type { HouseholdWish, Wish } from "./plan.ts";

const story = (name: StoryName, given?: Record<string, string | number>): StoryPlan =>
  given ? { name, with: given } : { name };
const woman = (age: number, ...stories: StoryPlan[]): Wish => ({ role: "vuxen", sex: "female", age, stories });
const man = (age: number, ...stories: StoryPlan[]): Wish => ({ role: "vuxen", sex: "male", age, stories });
const partner = (sex: "female" | "male", age: number, ...stories: StoryPlan[]): Wish => ({
  role: "partner",
  sex,
  age,
  stories,
});
const child = (sex: "female" | "male", age: number, ...stories: StoryPlan[]): Wish => ({
  role: "barn",
  sex,
  age,
  stories,
});

const JOURNEYS: readonly HouseholdWish[] = [
  {
    key: "brostcancer",
    town: "sundaker",
    centre: "vcNorr",
    members: [woman(54, story("breastCancer")), partner("male", 56, story("hypertension")), child("female", 17)],
  },
  { key: "skor", town: "sundaker", centre: "vcNorr", members: [woman(82, story("frail", { bed: 0 }))] },
  {
    key: "brostsmarta",
    town: "sundaker",
    centre: "vcHamn",
    members: [
      man(58, story("hypertension"), story("chestPain", { bed: 0 })),
      partner("female", 55, story("screening")),
    ],
  },
  {
    key: "bb",
    town: "sundaker",
    centre: "vcHamn",
    members: [woman(29), partner("male", 31), child("male", 1.2 / 365)],
  },
  {
    key: "gravid",
    town: "bergnas",
    members: [woman(31, story("pregnancy", { week: 33, children: 1 })), partner("male", 33), child("female", 3.4)],
  },
  { key: "uteblivare", town: "sundaker", centre: "vcNorr", members: [man(24, story("psychiatricNoShow"))] },
  {
    key: "anafylaxi",
    town: "lillstrand",
    members: [
      woman(41, story("anaphylaxis"), story("pollen"), story("screening")),
      child("male", 11),
      child("female", 8),
    ],
  },
  {
    key: "hoft",
    town: "sundaker",
    centre: "vcHamn",
    members: [woman(84, story("hypertension"), story("hipFracture", { bed: 0 }))],
  },
  {
    key: "hoft-hemma",
    town: "sundaker",
    centre: "vcNorr",
    members: [woman(79, story("hipFracture")), partner("male", 81, story("copd"))],
  },
  {
    key: "lunginflammation",
    town: "sundaker",
    centre: "vcNorr",
    members: [man(67, story("diabetes2"), story("pneumonia", { bed: 0 }))],
  },
  {
    key: "warfarin",
    town: "granviken",
    members: [
      man(74, story("atrialFibrillation", { drug: "warfarin" }), story("hypertension")),
      partner("female", 72, story("hypothyroidism"), story("screening")),
    ],
  },
  {
    key: "hjartsvikt",
    town: "bergnas",
    members: [man(78, story("heartFailure"), story("inpatientNow", { kind: "heartWard", bed: 0 }))],
  },
  {
    key: "okand",
    town: "sundaker",
    members: [
      {
        role: "vuxen",
        sex: "unknown",
        age: 50,
        number: "okänd",
        named: ["Okänd", "Person"],
        stories: [story("unknownPatient", { bed: 1 })],
      },
    ],
  },
  {
    key: "skyddad-1",
    town: "sundaker",
    centre: "vcHamn",
    members: [{ ...woman(34, story("asthma"), story("screening")), protection: "sekretessmarkering" }],
  },
  {
    key: "skyddad-2",
    town: "lillstrand",
    members: [{ ...man(47, story("depression"), story("backPain")), protection: "skyddadFolkbokforing" }],
  },
  {
    key: "nyanlanda",
    town: "sundaker",
    centre: "vcHamn",
    foreign: true,
    members: [
      {
        ...woman(36, story("ironDeficiency")),
        number: "samordningsnummer",
        language: ["uk", "ukrainska"],
        needsInterpreter: true,
      },
      { ...child("female", 2.7), number: "nationellt" },
    ],
  },
  {
    key: "utan-datum",
    town: "sundaker",
    centre: "vcNorr",
    foreign: true,
    members: [
      {
        ...man(58, story("diabetes2"), story("recent")),
        number: "samordningsnummer-utan-datum",
        language: ["so", "somaliska"],
        needsInterpreter: true,
      },
    ],
  },
  { key: "boende", town: "sundaker", centre: "vcHamn", members: [woman(88, story("hypertension"), story("dementia"))] },
  {
    key: "hemsjukvard",
    town: "sundaker",
    centre: "vcNorr",
    members: [man(85, story("heartFailure"), story("municipal"))],
  },
  {
    key: "hjartinfarkt",
    town: "lillstrand",
    members: [
      man(64, story("infarction"), story("diabetes2")),
      partner("female", 62, story("kneePain"), story("screening")),
    ],
  },
];

const inWard = (key: string, wish: Wish, kind: string, bed: number): HouseholdWish => ({
  key,
  town: "sundaker",
  members: [{ ...wish, stories: [...(wish.stories ?? []), story("inpatientNow", { kind, bed })] }],
});

const IN_BEDS: readonly HouseholdWish[] = [
  inWard("avd-1", man(27), "appendicitis", 0),
  inWard("avd-2", woman(61, story("hypertension"), story("screening")), "gallstone", 2),
  inWard("avd-3", woman(46, story("screening")), "appendicitis", 5),
  inWard("avd-4", man(77, story("hypertension")), "stroke", 3),
  inWard("avd-5", woman(80, story("hypertension")), "stroke", 7),
  inWard("avd-6", man(38), "depressionWard", 0),
  inWard("avd-7", woman(52, story("depression"), story("screening")), "depressionWard", 3),
  inWard("avd-8", man(71, story("diabetes2")), "sepsis", 0),
  {
    key: "avd-9",
    town: "sundaker",
    members: [
      woman(33),
      partner("male", 35),
      child("male", 2.3, story("inpatientNow", { kind: "bronchiolitis", bed: 0 })),
    ],
  },
  inWard("avd-10", woman(66), "febrile", 1),
  inWard("avd-11", man(69, story("copd")), "febrile", 4),
  inWard("avd-12", woman(83, story("atrialFibrillation")), "heartWard", 3),
  inWard("avd-13", man(86, story("heartFailure")), "heartWard", 8),
  inWard("avd-14", woman(44, story("urinaryInfection")), "pyelonephritis", 2),
  inWard("avd-15", woman(70, story("kneePain")), "kneeProsthesis", 4),
  inWard("avd-16", man(68, story("kneePain")), "kneeProsthesis", 6),
  { key: "avd-17", town: "bergnas", members: [woman(90, story("pneumonia", { bed: 5, unit: "med" }))] },
  { key: "avd-18", town: "lillstrand", members: [man(81, story("hypertension"), story("hipFracture", { bed: 9 }))] },
];

const IN_EMERGENCY: readonly HouseholdWish[] = [
  { key: "akut-1", town: "sundaker", members: [woman(22, story("emergencyNow", { case: 0, bed: 2 }))] },
  {
    key: "akut-2",
    town: "bergnas",
    members: [man(79, story("atrialFibrillation"), story("emergencyNow", { case: 1, bed: 3 }))],
  },
  { key: "akut-3", town: "sundaker", members: [man(73, story("copd"), story("emergencyNow", { case: 2, bed: 4 }))] },
  { key: "akut-4", town: "granviken", members: [man(35, story("emergencyNow", { case: 3, bed: 5 }))] },
  {
    key: "akut-5",
    town: "lillstrand",
    members: [woman(49, story("screening"), story("emergencyNow", { case: 4, bed: 6 }))],
  },
  {
    key: "akut-6",
    town: "sundaker",
    members: [woman(57, story("hypothyroidism"), story("emergencyNow", { case: 5, bed: 7 }))],
  },
  {
    key: "akut-7",
    town: "sundaker",
    members: [man(51, story("backPain"), story("emergencyNow", { case: 6, bed: 8 }))],
  },
  { key: "akut-8", town: "bergnas", members: [man(44, story("emergencyNow", { case: 7, bed: 9 }))] },
];

const DECEASED: readonly HouseholdWish[] = [
  [91, 21, "female"],
  [87, 63, "male"],
  [94, 140, "female"],
  [79, 260, "male"],
  [96, 12, "female"],
].map(([age, days, sex], index) => ({
  key: `avliden-${index}`,
  town: "sundaker" as const,
  centre: "vcHamn" as const,
  members: [
    {
      role: "vuxen" as const,
      sex: sex as "female" | "male",
      age: age as number,
      diedDaysAgo: days as number,
      stories: [story("death")],
    },
  ],
}));

const WAITING: readonly HouseholdWish[] = Array.from({ length: 21 }, (_, index) => ({
  key: `remiss-${index}`,
  town: (["sundaker", "bergnas", "lillstrand", "granviken"] as const)[index % 4]!,
  members: [
    index % 2 === 0
      ? woman(33 + index * 2, story("referrals", { state: (index % 7) + 1 }))
      : man(38 + index * 2, story("referrals", { state: (index % 7) + 1 })),
  ],
}));

export const SCRIPTED: readonly HouseholdWish[] = [...JOURNEYS, ...IN_BEDS, ...IN_EMERGENCY, ...WAITING, ...DECEASED];
