/** The words of the page on which an application asks for something. Fetched with the page. SPEC WEB-APP */
import type { LanguageCode } from "../language/language.tsx";

const sv = {
  title: (app: string): string => `${app} vill använda Eira i ditt namn`,
  gets: "Appen får",
  verbs: { c: "skapa", r: "läsa", u: "ändra", d: "ta bort", s: "söka" } as Readonly<Record<string, string>>,
  wish: (verbs: readonly string[], what: string): string =>
    `${verbs.join(" och ").replace(/ och (?=.* och )/g, ", ")}: ${what}`,
  everything: "alla slags uppgifter",
  where: (criteria: string): string => `(bara ${criteria})`,
  ofPatient: "om den valda patienten",
  ofPerson: "inom det som du själv har behörighet till",
  identity: "veta vem du är",
  lasts: "förnya sin åtkomst så länge du är inloggad",
  limit: "Appen kommer aldrig åt mer än du själv, och det den läser loggas i ditt namn. Allt upphör när du loggar ut.",
  patient: "Vilken patient gäller det?",
  patientHint: "Namn eller personnummer",
  nobody: "Ingen patient hittades.",
  chosen: (name: string): string => `Vald patient: ${name}`,
  allow: "Tillåt",
  deny: "Neka",
  gone: "Appens begäran finns inte eller har gått ut. Börja om i appen.",
  refused: "Appens begäran kan inte tillåtas. Den får veta varför.",
  back: "Tillbaka till appen",
  apps: "Appar",
  open: (app: string): string => `Öppna ${app}`,
};

const en: typeof sv = {
  title: (app) => `${app} wants to use Eira in your name`,
  gets: "The application may",
  verbs: { c: "create", r: "read", u: "change", d: "remove", s: "search" },
  wish: (verbs, what) => `${verbs.join(" and ").replace(/ and (?=.* and )/g, ", ")}: ${what}`,
  everything: "all kinds of records",
  where: (criteria) => `(only ${criteria})`,
  ofPatient: "of the chosen patient",
  ofPerson: "within what you have access to yourself",
  identity: "know who you are",
  lasts: "renew its access as long as you are signed in",
  limit:
    "The application never reaches more than you do, and what it reads is logged in your name. All of it ends when you sign out.",
  patient: "Which patient is it about?",
  patientHint: "Name or personal identity number",
  nobody: "No patient was found.",
  chosen: (name) => `Chosen patient: ${name}`,
  allow: "Allow",
  deny: "Refuse",
  gone: "The application's request does not exist or has ended. Begin again in the application.",
  refused: "The application's request cannot be allowed. It is told why.",
  back: "Back to the application",
  apps: "Applications",
  open: (app) => `Open ${app}`,
};

export function appTexts(code: LanguageCode): typeof sv {
  return code === "en" ? en : sv;
}
