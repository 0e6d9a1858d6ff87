/**
 * Loads oidc-provider when somebody first asks for a token: an installation without such clients pays nothing for it at start
 * or in memory. It warns of every Node older than 22, on which its tests are not run; ours are run on the oldest that Eira
 * supports, so that one line is left out, and nothing else that anybody says meanwhile.
 *
 * SPEC HTTP-OAUTH
 */
import type Provider from "oidc-provider";
import type { errors } from "oidc-provider";

export type Library = { readonly Provider: typeof Provider; readonly errors: typeof errors };

const KNOWN = "oidc-provider WARNING: Unsupported runtime.";

let loading: Promise<Library> | undefined;

/** The library, loaded once. */
export function loadLibrary(): Promise<Library> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Library> {
  const warn = console.warn;
  const others = (...said: unknown[]): void => {
    if (typeof said[0] !== "string" || !said[0].includes(KNOWN)) warn(...said);
  };
  console.warn = others;
  try {
    const { default: loaded, errors } = await import("oidc-provider");
    return { Provider: loaded, errors };
  } finally {
    if (console.warn === others) console.warn = warn;
  }
}
