/**
 * What a uri lies below: each beginning of its path at a slash, then each beginning of its version at a dot. Stored with
 * the uri, so that `:below` is a look-up; `:above` asks for the same beginnings of the value that is given.
 *
 * SPEC SEARCH-URI · https://hl7.org/fhir/R4/search.html#uri
 */
const DEEPEST = 24;

/** The beginnings of a uri, itself last, without a closing slash. A urn has no path, so only itself. */
export function belowPrefixes(uri: string): string[] {
  const [url, version] = splitVersion(uri);
  const prefixes = url.includes("://") ? pathPrefixes(url) : [url];
  return version === undefined ? prefixes : [...prefixes, ...versionPrefixes(url, version)];
}

/** A uri as `:below` is asked for: the closing slash says nothing more. */
export function withoutSlash(uri: string): string {
  return uri.replace(/\/+$/, "");
}

function splitVersion(uri: string): [string, string | undefined] {
  const bar = uri.lastIndexOf("|");
  return bar < 0 ? [withoutSlash(uri), undefined] : [uri.slice(0, bar), uri.slice(bar + 1)];
}

function pathPrefixes(url: string): string[] {
  const prefixes: string[] = [];
  let at = url.indexOf("://") + 3;
  while (prefixes.length < DEEPEST && (at = url.indexOf("/", at)) > 0) prefixes.push(url.slice(0, at++));
  return [...prefixes, url];
}

function versionPrefixes(url: string, version: string): string[] {
  const parts = version.split(".").slice(0, DEEPEST);
  return parts.map((_, at) => `${url}|${parts.slice(0, at + 1).join(".")}`);
}
