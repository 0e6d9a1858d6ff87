/** Databases for tests, of every module: see SPEC.md. */
export { testServer, stopTestServer, type TestServer } from "./test-server.ts";
export { ensureTemplate, testDatabase, type TestDatabase, type TestDatabaseOptions } from "./test-database.ts";
export { keptDatabase } from "./kept-database.ts";
export { migratedTemplate } from "./migrated.ts";
export { externalPostgres, type ExternalPostgres } from "./external-postgres.ts";
export { programOf } from "./program.ts";
export { removeEmbedded } from "../embedded/index.ts";
