/** The network's side: server, sessions, limits, replies. SPEC: SPEC.md in this folder. */
export { commandOf, entryOf } from "./entry.ts";
export { requestRunner } from "./later.ts";
export { addressesOf } from "./oauth/addresses.ts";
export { publicKeysOf } from "./oauth/jwks.ts";
export { clientOf } from "./oauth/registration.ts";
export type { HttpOptions } from "./options.ts";
export { buildServer } from "./server.ts";
export { SESSION_LIMITS, Sessions, type SessionLimits } from "./session.ts";
