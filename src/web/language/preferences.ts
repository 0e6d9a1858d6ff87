/**
 * The few choices that belong to the workplace and not to the patient: language, single-key commands, and where it stands.
 * Nothing about any person is ever put here.
 */
export type PreferenceName = "language" | "single-keys" | "place";

export function readPreference(name: PreferenceName): string | null {
  try {
    return localStorage.getItem(`eira.${name}`);
  } catch {
    return null; // storage is blocked by the workplace's policy: the default applies
  }
}

export function writePreference(name: PreferenceName, value: string): void {
  try {
    localStorage.setItem(`eira.${name}`, value);
  } catch {
    // The choice then lasts until the page is closed.
  }
}
