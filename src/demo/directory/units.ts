/**
 * The care providers and care units of the fictional region. HSA-ids are in the test series (TSTNMT) on organisation
 * numbers that cannot exist, because their third digit is below 2. SPEC DEMO-DIR
 */
import { TOWNS, type Town } from "../people/places.ts";

export type ProviderKey = "region" | "privat" | "kommun";
export type UnitKind =
  | "avdelning"
  | "akutmottagning"
  | "intensivvård"
  | "laboratorium"
  | "röntgen"
  | "patologi"
  | "mottagning"
  | "vårdcentral"
  | "barnmorskemottagning"
  | "barnavårdscentral"
  | "rehabenhet"
  | "hemsjukvård"
  | "särskilt boende"
  | "stab";

export interface ProviderDefinition {
  readonly key: ProviderKey;
  readonly name: string;
  readonly hsaId: string;
  readonly town: Town;
}

export interface UnitDefinition {
  readonly key: UnitKey;
  readonly provider: ProviderKey;
  readonly name: string;
  readonly kind: UnitKind;
  readonly hsaSuffix: string;
  readonly town: Town;
  /** The hospital that the unit is part of. */
  readonly hospital?: true;
  /** Name, number of rooms and beds per room of the unit's ward. */
  readonly ward?: readonly [name: string, rooms: number, bedsPerRoom: number];
}

const PREFIX: Record<ProviderKey, string> = {
  region: "TSTNMT2301000012",
  privat: "TSTNMT5501000014",
  kommun: "TSTNMT2101000016",
};

export const PROVIDERS: readonly ProviderDefinition[] = [
  { key: "region", name: "Region Västmark", hsaId: `${PREFIX.region}-0001`, town: TOWNS.sundaker },
  { key: "privat", name: "Ekhagens Vård AB", hsaId: `${PREFIX.privat}-0001`, town: TOWNS.sundaker },
  { key: "kommun", name: "Sundåkers kommun", hsaId: `${PREFIX.kommun}-0001`, town: TOWNS.sundaker },
];

export const HOSPITAL = { name: "Västmarks sjukhus", hsaId: `${PREFIX.region}-0100`, town: TOWNS.sundaker };

export type UnitKey =
  | "akut"
  | "med"
  | "kir"
  | "ort"
  | "kk"
  | "barn"
  | "inf"
  | "iva"
  | "onk"
  | "ger"
  | "psy"
  | "ogon"
  | "brost"
  | "lab"
  | "mikro"
  | "rtg"
  | "pat"
  | "sjukgym"
  | "chef"
  | "vcNorr"
  | "vcHamn"
  | "vcBerg"
  | "vcLill"
  | "bmm"
  | "bvc"
  | "rehab"
  | "ekVc"
  | "ekSpec"
  | "hemsjv"
  | "almgard"
  | "komrehab";

type Row = readonly [UnitKey, ProviderKey, string, UnitKind, string, Town, ward?: readonly [string, number, number]];

const HOSPITAL_ROWS: readonly Row[] = [
  ["akut", "region", "Akutmottagningen", "akutmottagning", "0110", TOWNS.sundaker, ["Akutmottagningen", 12, 1]],
  ["med", "region", "Medicinkliniken", "avdelning", "0120", TOWNS.sundaker, ["Medicinavdelning 51", 7, 2]],
  ["kir", "region", "Kirurgkliniken", "avdelning", "0130", TOWNS.sundaker, ["Kirurgavdelning 32", 6, 2]],
  ["ort", "region", "Ortopedkliniken", "avdelning", "0140", TOWNS.sundaker, ["Ortopedavdelning 34", 6, 2]],
  ["kk", "region", "Kvinnokliniken", "avdelning", "0150", TOWNS.sundaker, ["Förlossning och BB", 8, 1]],
  ["barn", "region", "Barnkliniken", "avdelning", "0160", TOWNS.sundaker, ["Barnavdelning 21", 5, 2]],
  ["inf", "region", "Infektionskliniken", "avdelning", "0170", TOWNS.sundaker, ["Infektionsavdelning 44", 8, 1]],
  [
    "iva",
    "region",
    "Intensivvårdskliniken",
    "intensivvård",
    "0180",
    TOWNS.sundaker,
    ["Intensivvårdsavdelningen", 3, 2],
  ],
  ["onk", "region", "Onkologkliniken", "avdelning", "0190", TOWNS.sundaker, ["Onkologavdelning 61", 5, 2]],
  ["ger", "region", "Geriatriska kliniken", "avdelning", "0200", TOWNS.sundaker, ["Geriatrikavdelning 72", 6, 2]],
  ["psy", "region", "Psykiatriska kliniken", "avdelning", "0210", TOWNS.sundaker, ["Psykiatriavdelning 81", 8, 1]],
  ["ogon", "region", "Ögonmottagningen", "mottagning", "0220", TOWNS.sundaker],
  ["brost", "region", "Bröstmottagningen och mammografin", "mottagning", "0230", TOWNS.sundaker],
  ["lab", "region", "Klinisk kemi", "laboratorium", "0240", TOWNS.sundaker],
  ["mikro", "region", "Klinisk mikrobiologi", "laboratorium", "0250", TOWNS.sundaker],
  ["rtg", "region", "Röntgenkliniken", "röntgen", "0260", TOWNS.sundaker],
  ["pat", "region", "Klinisk patologi", "patologi", "0270", TOWNS.sundaker],
  ["sjukgym", "region", "Paramedicin Västmarks sjukhus", "rehabenhet", "0280", TOWNS.sundaker],
  ["chef", "region", "Chefläkarstaben", "stab", "0290", TOWNS.sundaker],
];

const OTHER_ROWS: readonly Row[] = [
  ["vcNorr", "region", "Vårdcentralen Norr", "vårdcentral", "0310", TOWNS.sundaker],
  ["vcHamn", "region", "Vårdcentralen Hamnen", "vårdcentral", "0320", TOWNS.sundaker],
  ["vcBerg", "region", "Bergnäs vårdcentral", "vårdcentral", "0330", TOWNS.bergnas],
  ["vcLill", "region", "Lillstrands vårdcentral", "vårdcentral", "0340", TOWNS.lillstrand],
  ["bmm", "region", "Barnmorskemottagningen Sundåker", "barnmorskemottagning", "0350", TOWNS.sundaker],
  ["bvc", "region", "Barnavårdscentralen Solrosen", "barnavårdscentral", "0360", TOWNS.sundaker],
  ["rehab", "region", "Rehabenheten Sundåker", "rehabenhet", "0370", TOWNS.sundaker],
  ["ekVc", "privat", "Ekhagens vårdcentral", "vårdcentral", "0110", TOWNS.granviken],
  ["ekSpec", "privat", "Ekhagens specialistmottagning", "mottagning", "0120", TOWNS.sundaker],
  ["hemsjv", "kommun", "Hemsjukvården Sundåker", "hemsjukvård", "0110", TOWNS.sundaker],
  ["almgard", "kommun", "Almgårdens särskilda boende", "särskilt boende", "0120", TOWNS.sundaker, ["Almgården", 18, 1]],
  ["komrehab", "kommun", "Kommunrehab Sundåker", "rehabenhet", "0130", TOWNS.sundaker],
];

export const UNITS: readonly UnitDefinition[] = [
  ...HOSPITAL_ROWS.map((row): UnitDefinition => ({ ...unitOf(row), hospital: true })),
  ...OTHER_ROWS.map(unitOf),
];

function unitOf([key, provider, name, kind, hsaSuffix, town, ward]: Row): UnitDefinition {
  return { key, provider, name, kind, hsaSuffix, town, ...(ward ? { ward } : {}) };
}

export function unitHsaId(unit: UnitDefinition): string {
  return `${PREFIX[unit.provider]}-${unit.hsaSuffix}`;
}

/** The HSA-id of one of the demonstration's units. */
export function demoUnit(key: UnitKey): string {
  const [unit] = UNITS.filter((one) => one.key === key); // keys are unique
  if (unit === undefined) throw new RangeError(`there is no unit ${key}`);
  return unitHsaId(unit);
}

export function personHsaId(provider: ProviderKey, number: number): string {
  return `${PREFIX[provider]}-P${String(number).padStart(5, "0")}`;
}

export function commissionHsaId(provider: ProviderKey, number: number): string {
  return `${PREFIX[provider]}-U${String(number).padStart(5, "0")}`;
}
