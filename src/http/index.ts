/** The network's side: server, sessions, limits, replies. SPEC: SPEC.md in this folder. */
export { commandOf, entryOf } from "./entry.ts";
export { requestRunner } from "./later.ts";
export { addressesOf } from "./oauth/addresses.ts";
export { publicKeysOf } from "./oauth/jwks.ts";
export { appOf, clientOf } from "./oauth/registration.ts";
export { DEMO_PATIENTS, type Someone } from "./demo-identity/index.ts";
export type { HttpOptions } from "./options.ts";
export { identityProvidersIn, type IdentityProvider } from "./sign-in/identity-provider.ts";
export { proxiesIn } from "./trusted-proxies.ts";
export { buildServer } from "./server.ts";
export { SESSION_LIMITS, Sessions, type SessionLimits } from "./session.ts";
