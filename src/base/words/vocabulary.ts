/**
 * The words that turn a sentence round in Swedish and English records: what denies, what doubts, which side, and what goes with a number.
 * Lists and nothing else; a word too many costs a red mark, a word too few costs what it says. SPEC BASE-WORDS-4
 */

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/).filter(Boolean));
}

export const NEGATIONS = setOf(`
  ingen inga inget ingenting ingendera ingenstans ingalunda ej inte icke aldrig utan varken nej nekar nekas nekat nekande nekad
  förnekar förnekas förnekat saknas saknar saknade saknades saknat avsaknad ua u.a. u.a neg neg. negativ negativt negativa
  utesluts uteslutas uteslutet utesluten uteslutits uteslutna fri fritt fria knappast ickereaktiv normal normalt normala
  frånvaro ospecifik avslag avslås makuleras makulerad avbryt avbruten utsätts utsatt seponeras seponerad seponerat
  no not none never without neither nor nil null na n/a cannot denies denied deny negative absent absence lacks lacking excluded
  isn't aren't wasn't weren't don't doesn't didn't won't can't couldn't shouldn't hasn't haven't hadn't nothing nobody nowhere non
  unremarkable normal discontinued stopped
`);

export const DOUBTS = setOf(`
  misstänkt misstänks misstänkta misstanke ev ev. eventuell eventuellt eventuella möjlig möjligt möjligen trolig troligt troligen
  sannolik sannolikt osäker osäkert oklar oklart oklara obs kan verkar talar
  suspected suspicion possible possibly probable probably likely unlikely uncertain unclear maybe perhaps may might
`);

export const SIDES = setOf(`
  hö hö. vä vä. hgr vns dx dx. dxt dxt. dexter dextra dextrum dextri sin sin. sinister sinistra sinistrum sinistri bil bil. bilat bilat.
  dubbelsidig dubbelsidigt dubbelsidiga ensidig ensidigt ensidiga båda bägge ipsilateral ipsilateralt kontralateral kontralateralt
  medial medialt mediala lateral lateralt laterala proximal proximalt proximala distal distalt distala
  kranial kranialt kaudal kaudalt anterior anteriort posterior posteriort ventral ventralt dorsal dorsalt
  övre nedre främre bakre inre yttre od os ou
  right left both upper lower inner outer
`);

/** Beginnings of compounds: högerarm, vänstersidig, bilateralt. */
export const SIDE_STEMS = ["höger", "vänster", "bilateral", "unilateral", "right", "left"] as const;

/** Units that mean something by themselves, after a number or not. */
export const UNITS = setOf(`
  mg milligram mcg µg μg ug ng pg kg gram mikrogram nanogram kilogram ml milliliter dl deciliter cl centiliter liter µl μl
  mol mmol µmol μmol umol nmol pmol meq iu ie ui kie mie enh enhet enheter units mmhg kpa pa cmh2o mbar joule kcal kj
  mm cm km mm2 cm2 m2 mm3 cm3 tim timme timmar timma minut minuter min sek sekund sekunder dygn dygnet dag dagar dagl dagligen
  vecka veckor veckan mån månad månader år årligen ggr gånger gång tabl tablett tabletter droppe droppar dos doser
  procent promille fot fots mval hz bpm fr ch gy msv kbq mbq
  hour hours day days daily week weeks month months year years times tablet tablets dose doses percent
  en ett två tre fyra fem sex sju åtta nio tio elva tolv hundra tusen halv halva dubbel dubbla trippel
  one two three four five six seven eight nine ten twice half double
`);

/** Units that are single letters and words of other meaning: they are units where a number goes before them. */
export const UNITS_AFTER_NUMBERS = setOf(`g l m h s v e d c f k a u t st x i`);

/** Ends of words that deny their beginning: feberfri, smärtlös. */
export const DENYING_ENDS = /..(?:fri|fritt|fria|lös|löst|lösa|less|free)$/u;
/** Beginnings that deny the rest when they come or go: oförändrad, icke-, irregular. */
export const DENYING_STARTS = [
  "o",
  "icke",
  "in",
  "im",
  "ir",
  "il",
  "un",
  "non",
  "dys",
  "a",
  "an",
  "anti",
  "mis",
] as const;
