/**
 * The one error of the embedded database. Its text is for the person who runs Eira: what is wrong,
 * where, and what to do. It never holds patient data (only paths, versions and process numbers).
 */
export class EmbeddedError extends Error {
  override readonly name = "EmbeddedError";
}

/** The system's error code ("ENOENT", "EACCES", ...) of anything thrown; undefined when it has none. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
