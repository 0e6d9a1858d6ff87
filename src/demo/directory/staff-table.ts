/**
 * The sixty-odd people who work in the region: fictional names, a profession, a title and one or two assignments.
 * Order matters only for ids and HSA-ids. SPEC DEMO-STAFF
 */
import type { UnitKey } from "./units.ts";

export type Profession =
  | "läkare"
  | "sjuksköterska"
  | "barnmorska"
  | "undersköterska"
  | "fysioterapeut"
  | "arbetsterapeut"
  | "biomedicinsk analytiker"
  | "röntgensjuksköterska"
  | "medicinsk sekreterare"
  | "psykolog"
  | "apotekare"
  | "dietist"
  | "kurator"
  | "vårdadministratör";

export type StaffRow = readonly [
  given: string,
  family: string,
  profession: Profession,
  title: string,
  units: readonly UnitKey[],
];

export const STAFF: readonly StaffRow[] = [
  // Physicians
  ["Anna", "Ek", "läkare", "Överläkare, akutsjukvård", ["akut"]],
  ["Jonas", "Wallin", "läkare", "ST-läkare, akutsjukvård", ["akut"]],
  ["Helena", "Strand", "läkare", "Överläkare, internmedicin och kardiologi", ["med", "ekSpec"]],
  ["Omar", "Haddad", "läkare", "Specialistläkare, internmedicin och endokrinologi", ["med"]],
  ["Frida", "Norberg", "läkare", "ST-läkare, internmedicin", ["med", "akut"]],
  ["Magnus", "Hedlund", "läkare", "Överläkare, kirurgi", ["kir"]],
  ["Cecilia", "Almqvist", "läkare", "Överläkare, bröstkirurgi", ["kir", "brost"]],
  ["Erik", "Sandström", "läkare", "Överläkare, ortopedi", ["ort"]],
  ["Leila", "Karimi", "läkare", "ST-läkare, ortopedi", ["ort", "akut"]],
  ["Katarina", "Öberg", "läkare", "Överläkare, obstetrik och gynekologi", ["kk"]],
  ["Josef", "Lindqvist", "läkare", "Specialistläkare, obstetrik och gynekologi", ["kk", "bmm"]],
  ["Maria", "Granqvist", "läkare", "Överläkare, barn- och ungdomsmedicin", ["barn", "bvc"]],
  ["Per", "Lundgren", "läkare", "Överläkare, infektionsmedicin", ["inf"]],
  ["Ingrid", "Zetterlund", "läkare", "Överläkare, anestesi och intensivvård", ["iva"]],
  ["Nadia", "Rahimi", "läkare", "Överläkare, onkologi", ["onk"]],
  ["Bo", "Hägglund", "läkare", "Överläkare, geriatrik", ["ger"]],
  ["Sofia", "Tegnér", "läkare", "Överläkare, psykiatri", ["psy"]],
  ["Mikael", "Björklund", "läkare", "Specialistläkare, ögonsjukdomar", ["ogon"]],
  ["Stefan", "Krantz", "läkare", "Överläkare, radiologi", ["rtg", "brost"]],
  ["Emma", "Sjöberg", "läkare", "ST-läkare, radiologi", ["rtg"]],
  ["Ulrika", "Melin", "läkare", "Överläkare, klinisk patologi", ["pat"]],
  ["Tomas", "Virtanen", "läkare", "Överläkare, klinisk mikrobiologi", ["mikro"]],
  ["Birgitta", "Holmberg", "läkare", "Chefläkare", ["chef"]],
  ["Lars", "Forsberg", "läkare", "Specialistläkare, allmänmedicin", ["vcNorr"]],
  ["Amina", "Warsame", "läkare", "ST-läkare, allmänmedicin", ["vcNorr"]],
  ["Eva", "Lindström", "läkare", "Specialistläkare, allmänmedicin", ["vcHamn", "almgard"]],
  ["Daniel", "Nyberg", "läkare", "Specialistläkare, allmänmedicin", ["vcHamn"]],
  ["Gunilla", "Engström", "läkare", "Specialistläkare, allmänmedicin", ["vcBerg"]],
  ["Viktor", "Ahlgren", "läkare", "Specialistläkare, allmänmedicin", ["vcLill"]],
  ["Annika", "Blomqvist", "läkare", "Specialistläkare, allmänmedicin", ["ekVc"]],
  ["Reza", "Hosseini", "läkare", "Specialistläkare, hud- och könssjukdomar", ["ekSpec"]],
  // Nurses and midwives
  ["Malin", "Söderberg", "sjuksköterska", "Sjuksköterska, akutsjukvård", ["akut"]],
  ["Jenny", "Lundberg", "sjuksköterska", "Sjuksköterska", ["med"]],
  ["Ali", "Hussein", "sjuksköterska", "Sjuksköterska", ["med", "inf"]],
  ["Åsa", "Pettersson", "sjuksköterska", "Sjuksköterska, kirurgisk vård", ["kir"]],
  ["Robin", "Isaksson", "sjuksköterska", "Sjuksköterska", ["ort"]],
  ["Therese", "Dahlberg", "sjuksköterska", "Barnsjuksköterska", ["barn"]],
  ["Kristina", "Boström", "sjuksköterska", "Sjuksköterska, infektionssjukvård", ["inf"]],
  ["Henrik", "Skoglund", "sjuksköterska", "Intensivvårdssjuksköterska", ["iva"]],
  ["Carina", "Fransson", "sjuksköterska", "Kontaktsjuksköterska, onkologi", ["onk", "brost"]],
  ["Marianne", "Jansson", "sjuksköterska", "Sjuksköterska, geriatrik", ["ger"]],
  ["Pontus", "Sundin", "sjuksköterska", "Sjuksköterska, psykiatri", ["psy"]],
  ["Lena", "Hermansson", "sjuksköterska", "Diabetessjuksköterska", ["vcNorr"]],
  ["Katarzyna", "Nowak", "sjuksköterska", "Distriktssköterska", ["vcHamn"]],
  ["Ann", "Wikström", "sjuksköterska", "Distriktssköterska", ["vcBerg"]],
  ["Monika", "Viklund", "sjuksköterska", "Distriktssköterska", ["vcLill"]],
  ["Elin", "Rosén", "sjuksköterska", "Astma- och KOL-sjuksköterska", ["ekVc"]],
  ["Sara", "Löfgren", "sjuksköterska", "Barnsjuksköterska, barnavårdscentral", ["bvc"]],
  ["Yvonne", "Gustafsson", "sjuksköterska", "Sjuksköterska, hemsjukvård", ["hemsjv"]],
  ["Samuel", "Tesfaye", "sjuksköterska", "Sjuksköterska, särskilt boende", ["almgard", "hemsjv"]],
  ["Hanna", "Backlund", "barnmorska", "Barnmorska, mödrahälsovård", ["bmm"]],
  ["Olena", "Kovalenko", "barnmorska", "Barnmorska, förlossning", ["kk"]],
  ["Camilla", "Ström", "barnmorska", "Barnmorska, BB", ["kk", "bmm"]],
  ["Jasmina", "Begić", "undersköterska", "Undersköterska", ["med"]],
  ["Kenneth", "Olsson", "undersköterska", "Undersköterska", ["ger", "ort"]],
  ["Fatima", "Ahmed", "undersköterska", "Undersköterska", ["almgard"]],
  // Other professions
  ["Niklas", "Hedberg", "fysioterapeut", "Fysioterapeut", ["sjukgym"]],
  ["Johanna", "Palm", "fysioterapeut", "Fysioterapeut", ["rehab"]],
  ["Marcus", "Åkesson", "fysioterapeut", "Fysioterapeut", ["komrehab"]],
  ["Linda", "Mattsson", "arbetsterapeut", "Arbetsterapeut", ["komrehab", "sjukgym"]],
  ["Camilla", "Berglund", "biomedicinsk analytiker", "Biomedicinsk analytiker", ["lab"]],
  ["Mehmet", "Kaya", "biomedicinsk analytiker", "Biomedicinsk analytiker", ["mikro", "lab"]],
  ["Rebecka", "Ljung", "röntgensjuksköterska", "Röntgensjuksköterska", ["rtg"]],
  ["Dragan", "Petrović", "röntgensjuksköterska", "Röntgensjuksköterska, mammografi", ["brost", "rtg"]],
  ["Susanne", "Magnusson", "medicinsk sekreterare", "Medicinsk sekreterare", ["med"]],
  ["Pia", "Håkansson", "medicinsk sekreterare", "Medicinsk sekreterare", ["vcHamn"]],
  ["Ida", "Norén", "psykolog", "Psykolog", ["psy", "vcNorr"]],
  ["Gustav", "Sundberg", "apotekare", "Klinisk apotekare", ["ger", "med"]],
  ["Tove", "Stenberg", "dietist", "Dietist", ["sjukgym"]],
  ["Mirjana", "Jovanović", "kurator", "Hälso- och sjukvårdskurator", ["onk", "psy"]],
  ["Christer", "Nyström", "vårdadministratör", "Vårdadministratör", ["akut", "kk"]],
];
