/** The embedded PostgreSQL: see SPEC.md. */
export { startEmbedded, type EmbeddedOptions, type EmbeddedServer, type StopMode } from "./embedded-server.ts";
export { removeEmbedded } from "./remove-embedded.ts";
export type { Connection } from "./attachment.ts";
export { EmbeddedError } from "./embedded-error.ts";
