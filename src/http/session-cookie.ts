/** The cookie of a person's session: out of reach for scripts and other sites, and only over https where there is https. SPEC HTTP-SIGN-IN */
import type { HttpOptions } from "./options.ts";
import { SESSION_COOKIE } from "./session.ts";

export function sessionCookie({ journal }: HttpOptions, token: string, seconds: number): string {
  const secure = journal.base.startsWith("https:") ? "; Secure" : "";
  return `${SESSION_COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`;
}

export function clearedCookie(options: HttpOptions): string {
  return sessionCookie(options, "", 0);
}
