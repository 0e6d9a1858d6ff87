/**
 * The usual set: what does not go with what. Each rule says what is widely published and beyond doubt; where we were not sure of one, it is
 * not here.
 *
 * SPEC CLIN-MED-KNOW-1 · sources: usual-set.ts
 */
import type {
  AgeRule,
  AllergyName,
  Cross,
  DuplicateRule,
  Interaction,
  KidneyRule,
  LaboratoryRule,
  Level,
  PregnancyRule,
  Validity,
  Weekly,
} from "./model.ts";

const NSAID = ["M01AA", "M01AB", "M01AC", "M01AE", "M01AG", "M01AH", "N02BA"] as const;
const DOAC = ["B01AF", "B01AE07"] as const;
const HEPARIN = ["B01AB"] as const;
const ACE = ["C09A", "C09B"] as const;
const ARB = ["C09C", "C09D"] as const;
const SSRI = ["N06AB"] as const;
const NITRATE = ["C01DA"] as const;
const METHOTREXATE = ["L04AX03", "L01BA01"] as const;
const TRIMETHOPRIM = ["J01EA", "J01EE"] as const;
const BETALACTAM = ["J01C"] as const;
const CEPHALOSPORIN = ["J01DB", "J01DC", "J01DD", "J01DE"] as const;
const POTASSIUM = ["A12B"] as const;
const POTASSIUM_SPARING = ["C03DA"] as const;
const OPIOID = ["N02A"] as const;

type Row = readonly [
  id: string,
  one: readonly string[],
  other: readonly string[],
  level: Level,
  sv: string,
  en: string,
  source?: string,
];

const INTERACTION_ROWS: readonly Row[] = [
  ["warfarin-nsaid", ["B01AA03"], NSAID, "stop", "ökad risk för allvarlig blödning", "higher risk of serious bleeding"],
  ["doak-nsaid", DOAC, NSAID, "stop", "ökad risk för allvarlig blödning", "higher risk of serious bleeding"],
  ["warfarin-doak", ["B01AA03"], DOAC, "stop", "två antikoagulantia: risk för allvarlig blödning", "two anticoagulants: risk of serious bleeding", "smpc-4.3"],
  ["doak-heparin", DOAC, HEPARIN, "stop", "två antikoagulantia: risk för allvarlig blödning", "two anticoagulants: risk of serious bleeding", "smpc-4.3"],
  ["warfarin-heparin", ["B01AA03"], HEPARIN, "note", "blödningsrisk: ges tillsammans bara tills PK(INR) är i mål", "bleeding risk: together only until the INR is in range"],
  ["warfarin-asa", ["B01AA03"], ["B01AC"], "note", "ökad blödningsrisk", "higher risk of bleeding"],
  ["doak-trombocyt", DOAC, ["B01AC"], "note", "ökad blödningsrisk", "higher risk of bleeding"],
  ["warfarin-mikonazol", ["B01AA03"], ["A07AC01"], "stop", "mikonazol höjer warfarinets effekt kraftigt: risk för blödning", "miconazole strongly increases the effect of warfarin: risk of bleeding"],
  ["warfarin-flukonazol", ["B01AA03"], ["J02AC01"], "stop", "flukonazol höjer PK(INR): risk för blödning", "fluconazole raises the INR: risk of bleeding"],
  ["warfarin-cotrim", ["B01AA03"], ["J01EE"], "stop", "sulfametoxazol höjer PK(INR): risk för blödning", "sulfamethoxazole raises the INR: risk of bleeding"],
  ["warfarin-amiodaron", ["B01AA03"], ["C01BD01"], "note", "amiodaron höjer PK(INR): kontrollera tätare", "amiodarone raises the INR: check more often"],
  ["warfarin-makrolid", ["B01AA03"], ["J01FA"], "note", "PK(INR) kan stiga: kontrollera tätare", "the INR may rise: check more often"],
  ["warfarin-cipro", ["B01AA03"], ["J01MA"], "note", "PK(INR) kan stiga: kontrollera tätare", "the INR may rise: check more often"],
  ["warfarin-karbamazepin", ["B01AA03"], ["N03AF01"], "note", "PK(INR) kan sjunka: kontrollera tätare", "the INR may fall: check more often"],
  ["doak-karbamazepin", DOAC, ["N03AF01"], "stop", "karbamazepin sänker effekten: risk för propp", "carbamazepine lowers the effect: risk of thrombosis"],
  ["nsaid-asa", NSAID, ["B01AC06"], "note", "ökad risk för blödning i magen", "higher risk of gastric bleeding"],
  ["nsaid-ssri", NSAID, SSRI, "note", "ökad risk för blödning", "higher risk of bleeding"],
  ["nsaid-ace", NSAID, [...ACE, ...ARB], "note", "njurfunktionen kan försämras", "kidney function may worsen"],
  ["nsaid-diuretika", NSAID, ["C03"], "note", "njurfunktionen kan försämras, sämre effekt av diuretika", "kidney function may worsen, less effect of the diuretic"],
  ["nsaid-metotrexat", NSAID, METHOTREXATE, "note", "metotrexat utsöndras sämre: kontrollera blodstatus", "methotrexate is excreted less: check blood counts"],
  ["metotrexat-trimetoprim", METHOTREXATE, TRIMETHOPRIM, "stop", "risk för svår benmärgshämning", "risk of severe bone marrow suppression"],
  ["litium-nsaid", ["N05AN01"], NSAID, "stop", "litiumhalten stiger: risk för förgiftning", "the lithium level rises: risk of toxicity"],
  ["litium-ace", ["N05AN01"], [...ACE, ...ARB], "stop", "litiumhalten stiger: risk för förgiftning", "the lithium level rises: risk of toxicity"],
  ["litium-tiazid", ["N05AN01"], ["C03A"], "stop", "litiumhalten stiger: risk för förgiftning", "the lithium level rises: risk of toxicity"],
  ["kalium-spironolakton", POTASSIUM, POTASSIUM_SPARING, "stop", "risk för livshotande högt kalium", "risk of life-threatening high potassium"],
  ["kalium-ace", POTASSIUM, [...ACE, ...ARB], "note", "kalium kan stiga: kontrollera", "potassium may rise: check"],
  ["spironolakton-ace", POTASSIUM_SPARING, [...ACE, ...ARB], "note", "kalium kan stiga: kontrollera", "potassium may rise: check"],
  ["spironolakton-trimetoprim", POTASSIUM_SPARING, TRIMETHOPRIM, "stop", "risk för livshotande högt kalium", "risk of life-threatening high potassium"],
  ["ace-trimetoprim", [...ACE, ...ARB], TRIMETHOPRIM, "note", "kalium kan stiga: kontrollera", "potassium may rise: check"],
  ["ace-sakubitril", ACE, ["C09DX04"], "stop", "risk för angioödem: tidigast 36 timmar efter ACE-hämmaren", "risk of angioedema: not within 36 hours of the ACE inhibitor", "smpc-4.3"],
  ["nitrat-sildenafil", NITRATE, ["G04BE03", "G04BE08", "G04BE09"], "stop", "risk för livshotande blodtrycksfall", "risk of a life-threatening fall in blood pressure", "smpc-4.3"],
  ["simvastatin-makrolid", ["C10AA01"], ["J01FA01", "J01FA09"], "stop", "risk för rabdomyolys", "risk of rhabdomyolysis", "smpc-4.3"],
  ["simvastatin-amiodaron", ["C10AA01"], ["C01BD01"], "note", "högst 20 mg simvastatin om dagen", "at most 20 mg of simvastatin a day"],
  ["simvastatin-amlodipin", ["C10AA01"], ["C08CA01"], "note", "högst 20 mg simvastatin om dagen", "at most 20 mg of simvastatin a day"],
  ["atorvastatin-klaritromycin", ["C10AA05"], ["J01FA09"], "note", "statinhalten stiger: lägre dos eller uppehåll", "the statin level rises: lower dose or a pause"],
  ["ticagrelor-klaritromycin", ["B01AC24"], ["J01FA09"], "stop", "klaritromycin höjer ticagrelor kraftigt: risk för blödning", "clarithromycin strongly raises ticagrelor: risk of bleeding", "smpc-4.3"],
  ["verapamil-betablockerare", ["C08DA01"], ["C07A"], "stop", "risk för AV-block och svår bradykardi", "risk of AV block and severe bradycardia"],
  ["digoxin-verapamil", ["C01AA05"], ["C08DA01"], "note", "digoxinhalten stiger: följ halten", "the digoxin level rises: follow it"],
  ["digoxin-amiodaron", ["C01AA05"], ["C01BD01"], "note", "digoxinhalten stiger: halvera dosen och följ halten", "the digoxin level rises: halve the dose and follow it"],
  ["digoxin-klaritromycin", ["C01AA05"], ["J01FA09"], "note", "digoxinhalten stiger: följ halten", "the digoxin level rises: follow it"],
  ["ssri-maoi", SSRI, ["N06AF", "N06AG"], "stop", "risk för serotonergt syndrom", "risk of serotonin syndrome", "smpc-4.3"],
  ["tricyklisk-maoi", ["N06AA"], ["N06AF", "N06AG"], "stop", "risk för serotonergt syndrom", "risk of serotonin syndrome", "smpc-4.3"],
  ["triptan-maoi", ["N02CC"], ["N06AF", "N06AG"], "stop", "risk för högt blodtryck och serotonergt syndrom", "risk of hypertension and serotonin syndrome", "smpc-4.3"],
  ["tramadol-maoi", ["N02AX02"], ["N06AF", "N06AG"], "stop", "risk för serotonergt syndrom", "risk of serotonin syndrome", "smpc-4.3"],
  ["tramadol-ssri", ["N02AX02"], SSRI, "note", "ökad risk för kramper och serotonergt syndrom", "higher risk of seizures and serotonin syndrome"],
  ["allopurinol-azatioprin", ["M04AA01"], ["L04AX01", "L01BB02"], "stop", "risk för svår benmärgshämning", "risk of severe bone marrow suppression"],
  ["cipro-tizanidin", ["J01MA02"], ["M03BX02"], "stop", "tizanidinhalten stiger kraftigt: risk för blodtrycksfall", "the tizanidine level rises strongly: risk of hypotension", "smpc-4.3"],
  ["metoklopramid-levodopa", ["A03FA01"], ["N04BA"], "stop", "motverkar varandra", "they counteract each other", "smpc-4.3"],
  ["haloperidol-levodopa", ["N05AD01"], ["N04BA"], "note", "motverkar varandra", "they counteract each other"],
  ["lamotrigin-valproat", ["N03AX09"], ["N03AG01"], "note", "lamotriginhalten fördubblas: lägre dos och långsam upptrappning", "the lamotrigine level doubles: lower dose and slow titration"],
  ["opioid-bensodiazepin", OPIOID, ["N05BA", "N05CD", "N05CF"], "note", "ökad risk för andningsdepression", "higher risk of respiratory depression"],
  ["klopidogrel-omeprazol", ["B01AC04"], ["A02BC01", "A02BC05"], "note", "kan ge sämre effekt av klopidogrel", "may lessen the effect of clopidogrel"],
  ["levotyroxin-kalcium", ["H03AA01"], ["A12A"], "note", "tas med flera timmars mellanrum", "to be taken hours apart"],
  ["karbamazepin-makrolid", ["N03AF01"], ["J01FA01", "J01FA09"], "stop", "karbamazepinhalten stiger: risk för förgiftning", "the carbamazepine level rises: risk of toxicity"],
  ["digoxin-diuretika", ["C01AA05"], ["C03A", "C03C"], "note", "lågt kalium ökar risken för digoxinförgiftning: följ kalium", "low potassium raises the risk of digoxin toxicity: follow potassium"],
]; // prettier-ignore

export const INTERACTIONS: readonly Interaction[] = INTERACTION_ROWS.map(([id, one, other, level, sv, en, source = "smpc-4.5"]) => ({ id: `interaction-${id}`, one, other, level, sv, en, source })); // prettier-ignore

const CROSS_BETALACTAM = { sv: "penicillinallergi: korsallergi med cefalosporiner förekommer", en: "penicillin allergy: cross-allergy with cephalosporins occurs" }; // prettier-ignore

export const CROSSES: readonly Cross[] = [
  { id: "korsallergi-penicillin-cefalosporin", allergy: BETALACTAM, drug: CEPHALOSPORIN, severe: "stop", other: "note", source: "smpc-4.3", ...CROSS_BETALACTAM }, // prettier-ignore
  { id: "korsallergi-cefalosporin-penicillin", allergy: CEPHALOSPORIN, drug: BETALACTAM, severe: "stop", other: "note", source: "smpc-4.4", sv: "cefalosporinallergi: korsallergi med penicilliner förekommer", en: "cephalosporin allergy: cross-allergy with penicillins occurs" }, // prettier-ignore
  { id: "korsallergi-penicilliner", allergy: BETALACTAM, drug: BETALACTAM, severe: "stop", other: "stop", source: "smpc-4.3", sv: "allergi mot ett penicillin gäller alla", en: "an allergy to one penicillin is to all of them" }, // prettier-ignore
  { id: "korsallergi-cefalosporiner", allergy: CEPHALOSPORIN, drug: CEPHALOSPORIN, severe: "stop", other: "stop", source: "smpc-4.3", sv: "allergi mot ett cefalosporin gäller de andra", en: "an allergy to one cephalosporin is to the others" }, // prettier-ignore
  { id: "korsallergi-nsaid", allergy: [...NSAID, "B01AC06"], drug: [...NSAID, "B01AC06"], severe: "stop", other: "stop", source: "smpc-4.3", sv: "överkänslighet mot ASA eller NSAID gäller hela gruppen", en: "hypersensitivity to ASA or an NSAID is to the whole group" }, // prettier-ignore
  { id: "korsallergi-sulfa", allergy: ["J01EC", "J01EE"], drug: ["J01EC", "J01EE"], severe: "stop", other: "stop", source: "smpc-4.3", sv: "allergi mot sulfonamid", en: "allergy to sulfonamides" }, // prettier-ignore
  { id: "korsallergi-ace", allergy: ACE, drug: [...ACE, "C09DX04"], severe: "stop", other: "note", source: "smpc-4.3", sv: "angioödem av en ACE-hämmare kan komma av de andra", en: "angioedema from one ACE inhibitor may come from the others" }, // prettier-ignore
];

const says = (atc: readonly string[], ...words: readonly string[]): readonly AllergyName[] => words.map((word) => ({ says: word, atc, source: "atc" })); // prettier-ignore

/** The beginnings of words by which records name what somebody does not stand. */
export const ALLERGY_NAMES: readonly AllergyName[] = [
  ...says(BETALACTAM, "penicillin", "betalaktam", "beta-laktam", "kåvepenin", "pc-allergi"),
  ...says(["J01CA04"], "amoxicillin", "amimox"),
  ...says(CEPHALOSPORIN, "cefalosporin", "cef"),
  ...says([...NSAID, "B01AC06"], "nsaid", "cox-hämmare"),
  ...says(["N02BA", "B01AC06"], "acetylsalicylsyra", "asa", "aspirin", "magnecyl", "treo", "trombyl"),
  ...says(["J01EC", "J01EE"], "sulfa", "sulfonamid", "bactrim"),
  ...says(["N02BE01"], "paracetamol", "alvedon"),
  ...says(["N02AA05"], "oxikodon"),
  ...says(["N02AA01"], "morfin"),
  ...says(["J01MA"], "kinolon", "ciprofloxacin"),
];

type AgeRow = readonly [id: string, atc: readonly string[], from: number, below: number | null, rest: Omit<AgeRule, "id" | "atc" | "from" | "below">]; // prettier-ignore
const age = (...[id, atc, from, below, rest]: AgeRow): AgeRule => ({ id: `age-${id}`, atc, from, below, ...rest });

export const AGES: readonly AgeRule[] = [
  age("kodein", ["R05DA04", "N02AJ06", "N02AA59"], 0, 12, { level: "stop", sv: "kodein ges inte till barn under 12 år", en: "codeine is not given below 12 years", source: "ema-kodein" }), // prettier-ignore
  age("metoklopramid", ["A03FA01"], 0, 1, { level: "stop", sv: "metoklopramid ges inte under 1 års ålder", en: "metoclopramide is not given below 1 year", source: "ema-metoklopramid" }), // prettier-ignore
  age("asa", ["N02BA01"], 0, 18, { level: "stop", sv: "risk för Reyes syndrom hos barn med feber", en: "risk of Reye's syndrome in children with fever", source: "smpc-4.4" }), // prettier-ignore
  age("doxycyklin", ["J01AA"], 0, 8, { level: "stop", sv: "tetracykliner ges inte till barn under 8 år", en: "tetracyclines are not given below 8 years", source: "smpc-4.3" }), // prettier-ignore
  age("ciprofloxacin", ["J01MA"], 0, 18, { level: "note", sv: "kinoloner ges till barn bara vid särskilda indikationer", en: "quinolones are given to children on special indications only", source: "smpc-4.2" }), // prettier-ignore
  age("citalopram", ["N06AB04"], 66, null, { level: "note", sv: "högst 20 mg om dagen över 65 år", en: "at most 20 mg a day above 65 years", source: "smpc-4.2" }), // prettier-ignore
  age("escitalopram", ["N06AB10"], 66, null, { level: "note", sv: "högst 10 mg om dagen över 65 år", en: "at most 10 mg a day above 65 years", source: "smpc-4.2" }), // prettier-ignore
];

type LevelRow = readonly [id: string, atc: readonly string[], level: Level, sv: string, en: string];
const pregnant = (...[id, atc, level, sv, en]: LevelRow): PregnancyRule => ({ id: `pregnancy-${id}`, atc, level, sv, en, source: "smpc-4.6" }); // prettier-ignore

export const PREGNANCY: readonly PregnancyRule[] = [
  pregnant("valproat", ["N03AG01"], "stop", "valproat skadar fostret", "valproate harms the foetus"),
  pregnant("metotrexat", METHOTREXATE, "stop", "metotrexat skadar fostret", "methotrexate harms the foetus"),
  pregnant("isotretinoin", ["D10BA01"], "stop", "isotretinoin skadar fostret", "isotretinoin harms the foetus"),
  pregnant("warfarin", ["B01AA03"], "stop", "warfarin skadar fostret", "warfarin harms the foetus"),
  pregnant(
    "ace",
    [...ACE, ...ARB],
    "stop",
    "ACE-hämmare och ARB skadar fostret",
    "ACE inhibitors and ARBs harm the foetus",
  ),
  pregnant("doak", DOAC, "stop", "ska inte ges under graviditet", "not to be given in pregnancy"),
  pregnant(
    "statin",
    ["C10AA"],
    "note",
    "statiner ska inte ges under graviditet",
    "statins are not to be given in pregnancy",
  ),
  pregnant("nsaid", NSAID, "note", "NSAID är kontraindicerade sista trimestern", "NSAIDs are contraindicated in the last trimester"), // prettier-ignore
  pregnant("tetracyklin", ["J01AA"], "note", "tetracykliner undviks från andra trimestern", "tetracyclines are avoided from the second trimester"), // prettier-ignore
  pregnant("karbamazepin", ["N03AF01"], "note", "ökad risk för missbildningar", "higher risk of malformations"),
];

type KidneyRow = readonly [id: string, atc: readonly string[], below: number, level: Level, sv: string, en: string, source?: string]; // prettier-ignore
const kidney = (...[id, atc, below, level, sv, en, source = "smpc-4.2"]: KidneyRow): KidneyRule => ({ id: `kidney-${id}-${below}`, atc, below, level, sv, en, source }); // prettier-ignore

export const KIDNEY: readonly KidneyRule[] = [
  kidney("metformin", ["A10BA02"], 30, "stop", "metformin är kontraindicerat: risk för laktatacidos", "metformin is contraindicated: risk of lactic acidosis", "ema-metformin"), // prettier-ignore
  kidney("metformin", ["A10BA02"], 45, "note", "högst 1000 mg metformin om dagen", "at most 1000 mg of metformin a day", "ema-metformin"), // prettier-ignore
  kidney("nsaid", NSAID, 30, "stop", "NSAID är kontraindicerade vid svårt nedsatt njurfunktion", "NSAIDs are contraindicated in severe renal impairment", "smpc-4.3"), // prettier-ignore
  kidney(
    "dabigatran",
    ["B01AE07"],
    30,
    "stop",
    "dabigatran är kontraindicerat",
    "dabigatran is contraindicated",
    "smpc-4.3",
  ),
  kidney("apixaban", ["B01AF02"], 15, "stop", "apixaban rekommenderas inte", "apixaban is not recommended"),
  kidney("apixaban", ["B01AF02"], 30, "note", "lägre dos av apixaban", "lower dose of apixaban"),
  kidney("rivaroxaban", ["B01AF01"], 15, "stop", "rivaroxaban rekommenderas inte", "rivaroxaban is not recommended"),
  kidney("nitrofurantoin", ["J01XE01"], 30, "stop", "nitrofurantoin: sämre effekt och risk för nervskada", "nitrofurantoin: less effect and risk of neuropathy", "smpc-4.3"), // prettier-ignore
  kidney("metotrexat", METHOTREXATE, 30, "stop", "metotrexat är kontraindicerat", "methotrexate is contraindicated", "smpc-4.3"), // prettier-ignore
  kidney("litium", ["N05AN01"], 30, "stop", "litium ska inte ges vid svårt nedsatt njurfunktion", "lithium is not to be given in severe renal impairment", "smpc-4.3"), // prettier-ignore
  kidney(
    "alendronat",
    ["M05BA04"],
    35,
    "note",
    "alendronsyra rekommenderas inte",
    "alendronic acid is not recommended",
  ),
  kidney(
    "digoxin",
    ["C01AA05"],
    60,
    "note",
    "lägre dos av digoxin, följ halten",
    "lower dose of digoxin, follow the level",
  ),
  kidney(
    "gabapentin",
    ["N03AX12", "N03AX16"],
    60,
    "note",
    "lägre dos efter njurfunktion",
    "lower dose by kidney function",
  ),
  kidney("spironolakton", ["C03DA"], 30, "stop", "risk för livshotande högt kalium", "risk of life-threatening high potassium", "smpc-4.3"), // prettier-ignore
  kidney("morfin", ["N02AA01"], 30, "note", "aktiva metaboliter ansamlas: lägre dos", "active metabolites accumulate: lower dose", "smpc-4.4"), // prettier-ignore
];

const lab = (id: string, atc: readonly string[], analysis: LaboratoryRule["analysis"], rest: Partial<LaboratoryRule> & Pick<LaboratoryRule, "level" | "sv" | "en">): LaboratoryRule => ({ id: `lab-${id}`, atc, analysis, above: null, below: null, source: "smpc-4.4", ...rest }); // prettier-ignore

export const LABORATORY: readonly LaboratoryRule[] = [
  lab("kalium-spironolakton", POTASSIUM_SPARING, "potassium", { above: 5, level: "stop", sv: "högt kalium: kaliumsparande diuretika är kontraindicerade", en: "high potassium: potassium-sparing diuretics are contraindicated", source: "smpc-4.3" }), // prettier-ignore
  lab("kalium-kalium", POTASSIUM, "potassium", { above: 5, level: "stop", sv: "högt kalium: kalium ska inte ges", en: "high potassium: potassium is not to be given", source: "smpc-4.3" }), // prettier-ignore
  lab("kalium-ace", [...ACE, ...ARB], "potassium", { above: 5.5, level: "note", sv: "högt kalium: kan stiga mer", en: "high potassium: may rise further" }), // prettier-ignore
  lab("kalium-trimetoprim", TRIMETHOPRIM, "potassium", { above: 5.5, level: "note", sv: "högt kalium: kan stiga mer", en: "high potassium: may rise further" }), // prettier-ignore
  lab("kalium-digoxin", ["C01AA05"], "potassium", { below: 3, level: "stop", sv: "lågt kalium: risk för digoxinförgiftning", en: "low potassium: risk of digoxin toxicity" }), // prettier-ignore
  lab("kalium-diuretika", ["C03A", "C03C"], "potassium", { below: 3, level: "note", sv: "lågt kalium: kan sjunka mer", en: "low potassium: may fall further" }), // prettier-ignore
  lab("inr-warfarin", ["B01AA03"], "inr", { above: 5, level: "stop", sv: "högt PK(INR): gör uppehåll med warfarin", en: "high INR: pause warfarin", source: "textbook" }), // prettier-ignore
  lab("natrium-tiazid", ["C03A"], "sodium", { below: 125, level: "stop", sv: "lågt natrium: tiazider är kontraindicerade vid svår hyponatremi", en: "low sodium: thiazides are contraindicated in severe hyponatraemia", source: "smpc-4.3" }), // prettier-ignore
  lab("natrium-ssri", SSRI, "sodium", { below: 130, level: "note", sv: "lågt natrium: SSRI kan sänka mer", en: "low sodium: SSRIs may lower it further" }), // prettier-ignore
];

const double = (...[id, atc, level, sv, en]: LevelRow): DuplicateRule => ({ id: `duplicate-${id}`, atc, level, sv, en, source: "textbook" }); // prettier-ignore

/** The same substance twice needs no rule. */
export const DUPLICATES: readonly DuplicateRule[] = [
  double("nsaid", NSAID, "stop", "två NSAID samtidigt", "two NSAIDs at once"),
  double("ace", ACE, "stop", "två ACE-hämmare samtidigt", "two ACE inhibitors at once"),
  double("arb", ["C09C"], "stop", "två angiotensinreceptorblockerare samtidigt", "two angiotensin receptor blockers at once"), // prettier-ignore
  double("ace-arb", [...ACE, ...ARB], "note", "ACE-hämmare och ARB tillsammans", "ACE inhibitor and ARB together"),
  double("betablockerare", ["C07A"], "stop", "två betablockerare samtidigt", "two beta-blockers at once"),
  double("doak", DOAC, "stop", "två antikoagulantia samtidigt", "two anticoagulants at once"),
  double("heparin", HEPARIN, "stop", "två hepariner samtidigt", "two heparins at once"),
  double("ssri", SSRI, "stop", "två SSRI samtidigt", "two SSRIs at once"),
  double("statin", ["C10AA"], "stop", "två statiner samtidigt", "two statins at once"),
  double("sömn", ["N05CF"], "note", "två sömnmedel samtidigt", "two hypnotics at once"),
  double("opioid", OPIOID, "note", "två opioider samtidigt", "two opioids at once"),
];

export const WEEKLY: readonly Weekly[] = [
  { id: "weekly-metotrexat", atc: "L04AX03", route: null, sv: "metotrexat tas en gång i veckan, aldrig varje dag", en: "methotrexate is taken once a week, never daily", source: "ema-metotrexat" }, // prettier-ignore
  { id: "weekly-metotrexat-l01", atc: "L01BA01", route: "oral", sv: "metotrexat tas en gång i veckan, aldrig varje dag", en: "methotrexate is taken once a week, never daily", source: "ema-metotrexat" }, // prettier-ignore
];

/**
 * How old a value may be. Only the kidneys' has a published source; the others are settings of Eira, named as such, which the owner of the
 * set is to decide.
 */
export const VALIDITIES: readonly Validity[] = [
  { id: "age-kidney", measure: "kidney", days: 365, from: 0, below: null, sv: "njurfunktionen kontrolleras minst en gång om året vid läkemedel som beror på den", en: "the kidney function is checked at least once a year with drugs that depend on it", source: "ema-metformin" }, // prettier-ignore
  ...([
    [0, 1, 30],
    [1, 2, 60],
    [2, 12, 180],
    [12, 18, 365],
  ] as const).map(([from, below, days]): Validity => ({ id: `age-weight-${from}`, measure: "weight", days, from, below, sv: "ett barn växer: dosen följer vikten som den är nu", en: "a child grows: the dose follows the weight as it is now", source: "setting" })), // prettier-ignore
  { id: "age-weight-18", measure: "weight", days: 1095, from: 18, below: null, sv: "en vuxens vikt ändras långsamt", en: "an adult's weight changes slowly", source: "setting" }, // prettier-ignore
  ...(["potassium", "sodium"] as const).map((measure): Validity => ({ id: `age-${measure}`, measure, days: 180, from: 0, below: null, sv: "elektrolyter ändras med läkemedel och sjukdom inom månader", en: "electrolytes change with drugs and disease within months", source: "setting" })), // prettier-ignore
  { id: "age-inr", measure: "inr", days: 60, from: 0, below: null, sv: "PK(INR) ändras inom veckor", en: "INR changes within weeks", source: "setting" }, // prettier-ignore
];
