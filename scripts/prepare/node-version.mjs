/**
 * Refuses a Node.js that is too old, in words instead of a stack trace. Old syntax only: this file must be readable to
 * the Node it refuses. The limits are those of Vite and of the lint and parse tools (^20.19 or >=22.12).
 */

/** Whether a version such as "v20.19.0" can run Eira. */
export function isSupportedNode(version) {
  const parts = version.replace(/^v/, "").split(".").map(Number);
  const major = parts[0];
  const minor = parts[1];
  if (major === 20) return minor >= 19;
  if (major === 22) return minor >= 12;
  return major > 22;
}

/** Ends the process with code 1 and an explanation when this Node is too old. */
export function refuseOldNode() {
  if (isSupportedNode(process.version)) return;
  console.error("Eira needs Node.js 20.19 or newer (20.19+, 22.12+ or 24); this is " + process.version + ".");
  console.error(
    "Get one from https://nodejs.org/en/download or your package manager, then run the same command again.",
  );
  process.exit(1);
}
