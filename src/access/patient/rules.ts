/**
 * The rules that open or close a patient's records, each with the law it stands on and what it says to the reader in Swedish.
 *
 * Section numbers of PDL, HSLF-FS 2016:40 and OSL are from knowledge and are NOT verified against the statute books
 * (domain-sweden.md 1.1, mark K); of lag (2022:913) no section is named for the same reason. Verify before they are quoted.
 *
 * SPEC ACC-GATE, ACC-DOOR, ACC-PROTECTED, ACC-USE
 */

/** What can be done to open what is closed. The chart offers these; each is an act that is registered and logged. */
export type Opening =
  | "give-reason"
  | "register-relation"
  | "record-consent"
  | "emergency-access"
  | "choose"
  | "lift-with-consent"
  | "lift-in-emergency";

/** A rule as it is logged and shown: its id, the law, and one sentence. */
export type AccessRule = { readonly rule: string; readonly law: string; readonly sentence: string };

const NEED = "PDL 4 kap. 1 §";
const ASSIGNED = "PDL 4 kap. 2 §";
const INNER_BLOCK = "PDL 4 kap. 4 §";
const COHESIVE = "lag (2022:913)";
const CHOICE = "HSLF-FS 2016:40 4 kap.";
const DOOR = "PDL 5 kap. 5 §";

function rule(id: string, law: string, sentence: string): AccessRule {
  return { rule: id, law, sentence };
}

export const OPENS = {
  relation: rule("ACC-NEED-RELATION", NEED, "Du har en vårdrelation till patienten."),
  contact: rule("ACC-NEED-CONTACT", NEED, "Din vårdenhet har en vårdkontakt med patienten."),
  request: rule(
    "ACC-NEED-REQUEST",
    NEED,
    "Din vårdenhet har fått en remiss, beställning eller uppgift som gäller patienten.",
  ),
  reason: rule("ACC-NEED-REASON", NEED, "Du har angett varför du behöver patientens uppgifter i ditt arbete."),
  emergency: rule("ACC-NEED-EMERGENCY", NEED, "Du har öppnat patientens uppgifter genom nödöppning."),
  choice: rule("ACC-CHOICE", CHOICE, "Du har aktivt valt att ta del av den andra vårdenhetens uppgifter."),
  consent: rule(
    "ACC-COHESIVE-CONSENT",
    COHESIVE,
    "Patienten samtycker till att du tar del av andra vårdgivares uppgifter.",
  ),
  cohesiveEmergency: rule(
    "ACC-COHESIVE-EMERGENCY",
    COHESIVE,
    "I en nödsituation tar du del av andra vårdgivares uppgifter utan patientens samtycke.",
  ),
  patient: rule("ACC-DOOR-PATIENT", DOOR, "Patienten läser sina egna uppgifter."),
  guardian: rule("ACC-DOOR-GUARDIAN", DOOR, "Vårdnadshavaren läser barnets uppgifter."),
  proxy: rule("ACC-DOOR-PROXY", DOOR, "Ombudet läser uppgifterna med patientens fullmakt."),
} as const;

export const CLOSES = {
  malformed: rule(
    "ACC-MALFORMED",
    ASSIGNED,
    "Uppgifterna om åtkomsten går inte att tolka, och därför visas ingenting.",
  ),
  assignment: rule("ACC-ASSIGNMENT", ASSIGNED, "Medarbetaruppdraget gäller inte nu."),
  purpose: rule("ACC-PURPOSE", NEED, "Uppdraget gäller inte vård och behandling."),
  analysis: rule("ACC-ANALYSIS", ASSIGNED, "Rollen saknar behovs- och riskanalys och är därför inte aktiv."),
  need: rule(
    "ACC-NO-NEED",
    NEED,
    "Du har ingen vårdrelation till patienten; registrera den eller ange varför du behöver uppgifterna.",
  ),
  inner: rule(
    "ACC-BLOCK-INNER",
    INNER_BLOCK,
    "Det finns uppgifter som patienten har spärrat; de visas om patienten samtycker till att spärren hävs, eller i en nödsituation.",
  ),
  outer: rule(
    "ACC-BLOCK-OUTER",
    COHESIVE,
    "Det finns uppgifter som patienten har spärrat hos en annan vårdgivare; patienten kan häva spärren, och i en nödsituation kan den vårdgivaren göra det.",
  ),
  unreadable: rule(
    "ACC-BLOCK-UNREADABLE",
    INNER_BLOCK,
    "En spärr går inte att tolka, och därför visas inte uppgifterna förrän den har rättats.",
  ),
  relation: rule(
    "ACC-NEEDS-RELATION",
    COHESIVE,
    "Uppgifterna finns hos en annan vårdgivare; du behöver registrera din patientrelation för att kunna gå vidare.",
  ),
  consent: rule(
    "ACC-NEEDS-CONSENT",
    COHESIVE,
    "Uppgifterna finns hos en annan vårdgivare och kan visas om patienten samtycker, eller i en nödsituation.",
  ),
  otherProvider: rule(
    "ACC-NEEDS-CHOICE",
    CHOICE,
    "Uppgifterna finns hos en annan vårdgivare och visas när du aktivt väljer dem.",
  ),
  otherUnit: rule(
    "ACC-NEEDS-CHOICE",
    CHOICE,
    "Uppgifterna finns vid en annan vårdenhet och visas när du aktivt väljer dem.",
  ),
  right: rule("ACC-DOOR-RIGHT", DOOR, "Du är varken vårdnadshavare eller ombud för den här personen."),
  protected: rule(
    "ACC-DOOR-PROTECTED",
    "OSL 22 kap. 1 §",
    "Barnet har skyddade personuppgifter, och därför är vårdnadshavares åtkomst avstängd.",
  ),
  ageUnknown: rule("ACC-DOOR-AGE-UNKNOWN", DOOR, "Åldern är inte känd, och därför visas ingenting."),
  age: rule("ACC-DOOR-AGE", DOOR, "Uppgifterna visas inte för dig vid patientens ålder."),
  notForPatient: rule("ACC-DOOR-NOT-FOR-PATIENT", DOOR, "Uppgifterna lämnas inte ut på det här sättet."),
  notForOthers: rule("ACC-DOOR-NOT-FOR-OTHERS", DOOR, "Uppgifterna visas bara för patienten själv."),
} as const;
