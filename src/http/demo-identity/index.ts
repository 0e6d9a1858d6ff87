/** The demonstration's identity providers, as others need them. SPEC HTTP-DEMO-IDENTITY */
export type { Someone } from "./page.ts";
export { DEMO_PATIENTS } from "./routes.ts";
