/**
 * Where a call comes from. Behind a proxy every call seems to come from it; what its headers say is believed only of proxies that
 * the settings name, since anybody can write the same headers.
 *
 * SPEC HTTP-PROXY
 */
import { BlockList, isIP } from "node:net";

const RANGE = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/;

/** Addresses and ranges (`10.0.0.5`, `10.1.0.0/16`, `::1`) from a text with commas. Errors: an Error that names the one that is none. */
export function proxiesIn(text: string): readonly string[] {
  const parts = text.split(",").map((one) => one.trim());
  const named = parts.filter((one) => one !== "");
  for (const one of named) if (!isRange(one)) throw new Error(`EIRA_TRUSTED_PROXIES: "${one}" is no address or range.`);
  return named;
}

function isRange(one: string): boolean {
  const [, address = "", bits] = RANGE.exec(one) ?? [];
  const family = isIP(address);
  if (family === 0) return false;
  if (bits === undefined) return true;
  // Everybody is no proxy.
  if (Number(bits) < 8 || Number(bits) > (family === 4 ? 32 : 128)) return false;
  new BlockList().addSubnet(address, Number(bits), family === 4 ? "ipv4" : "ipv6");
  return true;
}
