/** The English words of the frame, in the shape of the Swedish ones (texts.frame.ts). Part of texts.en.ts. SPEC WEB-LANG */
import type { FrameTexts } from "./texts.frame.ts";

export const frame: FrameTexts = {
  commands: {
    nextRow: "Next row",
    previousRow: "Previous row",
    search: "Search patient or command",
    help: "Show or hide help",
    filter: "Filter what is shown",
    refresh: "Refresh",
    print: "Print",
    letters: "Printing of letters",
    start: "Search patient, start page",
    inbox: "Inbox: what you and the unit are to handle",
    sent: "Sent & waiting: what you and the unit set in motion",
    duty: "Absence & duty",
    operations: "Operations & integrations",
    signOut: "Sign out",
  },
  shell: {
    skip: "To the content",
    help: "Help",
    account: "Settings and sign-out",
    chartSections: "Sections of the record",
    places: "Main views",
    inbox: "Inbox",
    sent: "Sent & waiting",
  },
  settings: {
    colours: "Colours",
    light: "Light",
    dark: "Dark",
    auto: "As computer",
    language: "Language",
    singleKeys: "Single-key commands",
    signOut: "Sign out",
    switchUser: "Switch user, same screen",
    backTo: (name) => `Back to ${name}`,
    signOutEverywhere: "Sign out on all computers",
    stillIn: "That failed. You may still be signed in on other computers: try again.",
  },
  help: {
    title: "Keyboard commands",
    close: "Close",
    intro: "Single-key commands are off while you type. They can be switched off altogether under your name.",
    groups: { app: "Everywhere", go: "Go to", list: "In lists", view: "This view" },
  },
};
