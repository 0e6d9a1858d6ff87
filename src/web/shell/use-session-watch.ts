/**
 * Notices that the session has ended although nothing was fetched: its time ran out, or another tab signed out.
 * Then the chart leaves the screen by itself.
 *
 * SPEC WEB-SIGN-3
 */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { sessionQuery, type Session } from "../wire/session.ts";
import { forgetEverything } from "../wire/queries.ts";

const CHANNEL = "eira.session";
/** The longest delay a browser timer takes. */
const LONGEST_MS = 2_147_483_647;

export function useSessionWatch(session: Session): void {
  const client = useQueryClient();
  useEffect(() => {
    const left = Date.parse(session.expires) - Date.now() + 1000;
    if (!Number.isFinite(left)) return undefined;
    const timer = setTimeout(
      () => void client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
      Math.min(Math.max(left, 1000), LONGEST_MS),
    );
    return () => clearTimeout(timer);
  }, [session.expires, client]);
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = () => forgetEverything();
    return () => channel.close();
  }, []);
}

/** Tells the other tabs that the session is over. */
export function announceSignOut(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("signed-out");
  channel.close();
}
