/** The commands that exist on every screen: search, help, filter, print, refresh, start, sign out. SPEC WEB-CMD */
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useRef } from "react";
import { useCommands, type Command } from "../command/registry.ts";
import { useTexts } from "../language/language.tsx";
import { isSignedOut } from "../wire/call.ts";
import { queries, forgetEverything } from "../wire/queries.ts";
import { signOut, signOutEverywhere } from "../wire/session.ts";
import { forgetParked } from "../sign-in/parked.ts";
import { announceSignOut } from "./use-session-watch.ts";

/** What is fetched anew when somebody asks for it; not who is signed in. */
const SHOWN: ReadonlySet<unknown> = new Set(["patient", "loops", "log-review", "directory"]);

export const SEARCH_FIELD_ID = "eira-search";

export function useShellCommands({ toggleHelp }: { readonly toggleHelp: () => void }): void {
  const { commands, signing } = useTexts();
  const navigate = useNavigate();
  const help = useRef(toggleHelp);
  help.current = toggleHelp;
  const offered = useMemo(
    (): readonly Command[] => [
      { id: "app.search", name: commands.search, group: "app", keys: ["Ctrl+K"], run: focusSearch },
      { id: "app.help", name: commands.help, group: "app", keys: ["?"], run: () => help.current() },
      { id: "list.filter", name: commands.filter, group: "list", keys: ["/"], run: focusFilter },
      {
        id: "view.refresh",
        name: commands.refresh,
        group: "view",
        keys: ["u"],
        run: () => void queries.invalidateQueries({ predicate: ({ queryKey: [kind] }) => SHOWN.has(kind) }),
      },
      { id: "view.print", name: commands.print, group: "view", keys: ["Ctrl+P"], run: () => window.print() },
      { id: "go.start", name: commands.start, group: "go", keys: ["g h"], run: () => void navigate({ to: "/" }) },
      { id: "go.inbox", name: commands.inbox, group: "go", keys: ["g i"], run: () => void navigate({ to: "/inkorg" }) },
      { id: "go.sent", name: commands.sent, group: "go", keys: ["g w"], run: () => void navigate({ to: "/skickat" }) },
      { id: "go.duty", name: commands.duty, group: "go", keys: ["g q"], run: () => void navigate({ to: "/franvaro" }) },
      {
        id: "go.operations",
        name: commands.operations,
        group: "go",
        keys: ["g e"],
        run: () => void navigate({ to: "/drift" }),
      },
      {
        id: "go.print",
        name: commands.letters,
        group: "go",
        keys: ["g x"],
        run: () => void navigate({ to: "/utskrift" }),
      },
      {
        id: "go.specimens",
        name: commands.specimens,
        group: "go",
        keys: ["g z"],
        run: () => void navigate({ to: "/provtagning" }),
      },
      {
        id: "go.unsigned",
        name: signing.unsignedCommand,
        group: "go",
        keys: ["g n"],
        run: () => void navigate({ to: "/osignerat" }),
      },
      { id: "app.sign-out", name: commands.signOut, group: "app", keys: ["Ctrl+Shift+L"], run: () => void leave() },
    ],
    [commands, signing, navigate],
  );
  useCommands(offered);
}

/** Signs out here and in the other tabs. Patient data leave the screen also when the server cannot be reached. */
export async function leave(): Promise<void> {
  await signOut().catch(() => undefined);
  forgetParked();
  announceSignOut();
  forgetEverything();
}

/** Signs out on every computer. Errors: CallFailed when that could not be done; then nothing has changed here either. */
export async function leaveEverywhere(): Promise<void> {
  await signOutEverywhere().catch((error: unknown) => {
    if (!isSignedOut(error)) throw error;
  });
  announceSignOut();
  forgetEverything();
}

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>(`#${SEARCH_FIELD_ID}`);
  field?.focus();
  field?.select();
}

function focusFilter(): void {
  const field = document.querySelector<HTMLInputElement>("[data-filter]");
  field?.focus();
  field?.select();
}
