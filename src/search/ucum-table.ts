/**
 * The units of UCUM that laboratories, wards and pharmacies use, each by what it means in others, and the codes that a
 * search converts between.
 *
 * SPEC SEARCH-QUANTITY · https://ucum.org/ucum
 */

/** Powers of ten by prefix; `da` stands before `d`, so that it is tried first. */
export const PREFIXES: readonly (readonly [string, number])[] = [
  ["da", 1],
  ["Y", 24],
  ["Z", 21],
  ["E", 18],
  ["P", 15],
  ["T", 12],
  ["G", 9],
  ["M", 6],
  ["k", 3],
  ["h", 2],
  ["d", -1],
  ["c", -2],
  ["m", -3],
  ["u", -6],
  ["n", -9],
  ["p", -12],
  ["f", -15],
  ["a", -18],
  ["z", -21],
  ["y", -24],
];

/** `number × means`; without `means` it is a base unit. Metric ones take prefixes. */
export type Definition = { readonly isMetric: boolean; readonly number: string; readonly means: string | undefined };

/** Base units, then those that stand for `=` a number and other units. */
const METRIC =
  "m s g K C cd mol eq osm [IU] L=1 dm3 l=1 dm3 t=1000 kg N=1 kg.m/s2 Pa=1 N/m2 J=1 N.m W=1 J/s A=1 C/s V=1 J/C Ohm=1 V/A " +
  "S=1 A/V F=1 C/V Wb=1 V.s T=1 Wb/m2 H=1 Wb/A lm=1 cd lx=1 lm/m2 Hz=1 /s Bq=1 /s Gy=1 J/kg Sv=1 J/kg kat=1 mol/s " +
  "U=1 umol/min Ci=37000000000 /s bar=100000 Pa m[Hg]=133322 Pa m[H2O]=9806.65 Pa cal=4.184 J dyn=0.00001 N [iU]=1 [IU]";
const PLAIN =
  "[arb'U] [CFU] [pH] deg rad min=60 s h=3600 s d=86400 s wk=604800 s mo=2629800 s a=31557600 s [lb_av]=453.59237 g " +
  "[oz_av]=28.349523125 g [gr]=0.06479891 g [in_i]=0.0254 m [ft_i]=0.3048 m [yd_i]=0.9144 m [mi_i]=1609.344 m " +
  "[psi]=6894.757293168361 Pa atm=101325 Pa [Cal]=4184 J %=0.01 1 [ppth]=0.001 1 [ppm]=0.000001 1 [ppb]=0.000000001 1";

export const UNIT_DEFINITIONS: ReadonlyMap<string, Definition> = new Map([
  ...definitionsOf(METRIC, true),
  ...definitionsOf(PLAIN, false),
]);

function* definitionsOf(table: string, isMetric: boolean): Generator<readonly [string, Definition]> {
  const pieces = table.split(" ");
  for (let at = 0; at < pieces.length; at++) {
    const [name = "", number = ""] = pieces[at]!.split("=");
    const means = number === "" ? undefined : pieces[++at];
    yield [name, { isMetric, number, means }];
  }
}

const MASS = "kg g dg cg mg ug ng pg fg";
const VOLUME = "L dL cL mL uL nL pL fL l dl ml m3 dm3 cm3 mm3";
const AMOUNT = "mol mmol umol nmol pmol fmol";
const ACTIVITY = "k[IU] [IU] m[IU] u[IU] k[iU] [iU] m[iU] u[iU]";
const CATALYSIS = "kat mkat ukat nkat pkat kU U mU uU nU";
const CHARGE = "eq meq ueq";
const PARTICLES = "osm mosm";
const TIME = "d h min s";
const PER_VOLUME = "L dL mL uL l dl ml";

/** Every code that values are looked for in: those that clinical data are written with. */
export const KNOWN_CODES: readonly string[] = [
  ...words(MASS, "t [lb_av] [oz_av] [gr]", VOLUME, AMOUNT, ACTIVITY, CATALYSIS, CHARGE, PARTICLES),
  ...words(`a mo wk ${TIME} ms us ns`, "km m dm cm mm um nm [in_i] [ft_i] [yd_i] [mi_i]", "m2 dm2 cm2 mm2"),
  ...words("Pa hPa kPa MPa bar mbar mm[Hg] cm[Hg] m[Hg] cm[H2O] mm[H2O] [psi] atm", "J kJ MJ cal kcal [Cal] mJ"),
  ...words("Cel K [degF]", "W mW kW V mV uV kV A mA uA Ohm kOhm N mN Gy mGy cGy Sv mSv uSv Bq kBq MBq GBq Ci mCi uCi"),
  ...words(
    "% 1 [ppth] [ppm] [ppb] {ratio} {score} 10*-2 10*-3",
    "Hz kHz MHz /s /min /h /d {beats}/min {breaths}/min 1/min",
  ),
  ...per(`kg g mg ug ng pg ${AMOUNT} ${ACTIVITY} ${CATALYSIS} ${CHARGE} ${PARTICLES}`, PER_VOLUME),
  ...per("g mg ug mmol umol {cells} 10*3 10*6 10*9", "m3 mm3"),
  ...per("kg g mg ug ng pg", "kg g mg ug"),
  ...per(`${AMOUNT} osm mosm`, "kg g mol mmol umol"),
  ...per("kg g mg ug ng", "mol mmol umol"),
  ...per(`g mg ug ng ${AMOUNT} k[IU] [IU] m[IU] k[iU] [iU] L dL mL uL m cm mm km kcal kJ MJ`, TIME),
  ...per("g mg ug ng mmol umol [IU] [iU] L mL kcal kJ", "kg g m2"),
  ...per("g mg ug ng mmol umol [IU] [iU] mL L kcal kJ", "kg/d kg/h kg/min kg.d kg.h kg.min m2/min min/m2 m2/d"),
  ...per("1 10*3 10*6 10*9 10*12 {cells} {#}", PER_VOLUME),
  ...per("kg g", "m2"),
  ...words("/L /dL /mL /uL /mm3 10*6 10*9 10*3 dyn.s/cm5 Pa.s/m3 mm[Hg].min/L kPa.s/L {cells}/uL 10*3{cells}/uL"),
];

function words(...lists: readonly string[]): string[] {
  return lists.flatMap((list) => list.split(" "));
}

function per(over: string, under: string): string[] {
  return words(over).flatMap((one) => words(under).map((other) => `${one}/${other}`));
}
