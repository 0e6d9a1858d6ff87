/** The identity providers that the installation's settings name, with secrets and keys from files beside them. SPEC CLI-CONFIG */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { identityProvidersIn, type IdentityProvider } from "../http/index.ts";
import type { Config } from "./config.ts";

/** Nothing when no file is named. Errors: an Error that names the file and the field. */
export function identityProvidersOf({
  identityProviders: file,
}: Pick<Config, "identityProviders">): readonly IdentityProvider[] | undefined {
  if (file === undefined) return undefined;
  return identityProvidersIn(textOf(file), (name) => readFileSync(resolve(dirname(file), name), "utf8"));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new Error(`EIRA_IDENTITY_PROVIDERS: the file could not be read (${code}).`, { cause: error });
  }
}
