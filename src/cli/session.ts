/**
 * `eira session list --person HSA-ID` and `eira session end --person HSA-ID`: where a person is signed in, and all of it
 * ended at once, in every server within two seconds.
 *
 * SPEC CLI-SESSION
 */
import type { PersonActor } from "../access/index.ts";
import { flag, type Command } from "./command.ts";
import { withStore } from "./installation.ts";
import { usageOf } from "./usage.ts";

export const sessionCommand: Command = async (invocation) => {
  const { args, terminal, config } = invocation;
  const [, action] = args;
  const hsaId = flag(args, "person");
  if (hsaId === undefined || hsaId === "" || (action !== "list" && action !== "end"))
    throw new Error(usageOf("session"));
  if (action === "end") {
    const ended = await withStore(invocation, (store) => store.endSessionsOf({ hsaId }));
    terminal.print(JSON.stringify({ person: hsaId, ended }));
    return 0;
  }
  const idleMs = config.sessions.idleMinutes * 60_000;
  const found = await withStore(invocation, (store) => store.sessionsOf({ hsaId }, idleMs));
  const sessions = found.map(({ actor, created, used, expires }) => {
    const { unit, provider } = (actor as PersonActor).assignment;
    const [opened, lastUsed, ends] = [created, used, expires].map((time) => new Date(time).toISOString());
    return { unit, provider, opened, lastUsed, ends };
  });
  terminal.print(JSON.stringify({ person: hsaId, sessions }));
  return 0;
};
