/** The Swedish words of the frame around every screen: commands, top bar, settings, help. Part of texts.ts. SPEC WEB-LANG */
export const frame = {
  commands: {
    nextRow: "Nästa rad",
    previousRow: "Föregående rad",
    search: "Sök patient eller kommando",
    help: "Visa eller dölj hjälp",
    filter: "Filtrera det som visas",
    refresh: "Uppdatera",
    print: "Skriv ut",
    letters: "Utskrift av brev",
    start: "Sök patient, startsidan",
    inbox: "Inkorg: det som du och enheten ska hantera",
    sent: "Skickat & väntar: det som du och enheten har satt i gång",
    duty: "Frånvaro & jour",
    operations: "Drift & integrationer",
    signOut: "Logga ut",
  },
  shell: {
    skip: "Till innehållet",
    help: "Hjälp",
    account: "Inställningar och utloggning",
    chartSections: "Journalens delar",
    places: "Huvudvyer",
    inbox: "Inkorg",
    sent: "Skickat & väntar",
  },
  settings: {
    colours: "Färger",
    light: "Ljus",
    dark: "Mörk",
    auto: "Som datorn",
    language: "Språk",
    singleKeys: "Kortkommandon med en tangent",
    signOut: "Logga ut",
    switchUser: "Byt användare, samma skärm",
    backTo: (name: string): string => `Tillbaka till ${name}`,
    signOutEverywhere: "Logga ut på alla datorer",
    stillIn: "Det gick inte. Du kan fortfarande vara inloggad på andra datorer: försök igen.",
  },
  help: {
    title: "Kortkommandon",
    close: "Stäng",
    intro: "Kommandon med en tangent är avstängda medan du skriver. De kan stängas av helt under ditt namn.",
    groups: { app: "Överallt", go: "Gå till", list: "I listor", view: "Den här vyn" },
  },
};

export type FrameTexts = typeof frame;
