/**
 * Where notifications may go: hosts that the operator has listed, and of the addresses that a name turns out to mean only
 * public ones, unless they are listed too. Closed by default.
 *
 * SPEC EXCH-ADDRESS · failure mode: server-side request forgery (Medplum 8815, CVE-2026-34359)
 */
import { BlockList, isIP } from "node:net";

type ListedHost = { readonly host: string; readonly port: string | undefined; readonly mayBePlain: boolean };

export type HostList = {
  readonly hosts: readonly ListedHost[];
  /** Addresses and ranges that are listed although they may not be public, by the port they are listed with. */
  readonly addresses: ReadonlyMap<string, BlockList>;
};

/** Stands for the port where none was listed. */
const ANY_PORT = "";

const ENTRY = /^(https?:\/\/)?(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?$/;
const RANGE = /^([0-9a-f:.]+)\/(\d{1,3})$/;

/**
 * Reads `EIRA_SUBSCRIBER_HOSTS`: names, addresses and ranges of addresses, parted by commas or blanks. `http://` before a
 * loopback host permits http there. Errors: an Error that names the part that cannot be read.
 */
export function parseHostList(text: string): HostList {
  const hosts: ListedHost[] = [];
  const addresses = new Map<string, BlockList>();
  const listedAt = (port: string): BlockList => {
    const known = addresses.get(port) ?? new BlockList();
    addresses.set(port, known);
    return known;
  };
  for (const part of text.toLowerCase().split(/[\s,]+/)) {
    if (part === "") continue;
    const [, range, bits] = RANGE.exec(part) ?? [];
    const [, scheme, name, port] = ENTRY.exec(part) ?? [];
    const host = name?.replace(/^\[|\]$/g, "");
    if (range !== undefined && isRange(range, Number(bits)))
      listedAt(ANY_PORT).addSubnet(range, Number(bits), familyOf(range));
    else if (host === undefined) throw new Error(`EIRA_SUBSCRIBER_HOSTS: "${part}" is no host, address or range.`);
    if (host === undefined) continue;
    if (isIP(host) !== 0) listedAt(port ?? ANY_PORT).addAddress(host, familyOf(host));
    hosts.push({ host, port, mayBePlain: scheme === "http://" });
  }
  return { hosts, addresses };
}

/** True when nothing may be sent anywhere. */
export function isEmptyList({ hosts, addresses }: HostList): boolean {
  return hosts.length === 0 && addresses.size === 0;
}

/** Why an endpoint is not allowed by its words alone, or nothing. */
export function endpointFault(endpoint: string, list: HostList): string | undefined {
  if (isEmptyList(list)) return "This installation sends notifications to nobody: EIRA_SUBSCRIBER_HOSTS lists no host.";
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:"))
    return "The endpoint is to be an https address.";
  if (url.username !== "" || url.password !== "" || url.hash !== "")
    return "The endpoint may have neither a user, a password nor a fragment.";
  const host = hostOf(url);
  const port = portOf(url);
  const listed = list.hosts.filter((one) => one.host === host && (one.port === undefined || one.port === port));
  if (listed.length === 0 && !isListedAddress(host, port, list))
    return `The host ${host} is not among those that this installation sends to.`;
  if (url.protocol === "http:" && !listed.some(({ mayBePlain }) => mayBePlain))
    return "The endpoint is to be an https address; http is only for loopback, when the operator lists it so.";
  return undefined;
}

/** Why the address that a URL's name means is not connected to, or nothing. */
export function addressFault(address: string, url: URL, list: HostList): string | undefined {
  const family = isIP(address) === 0 ? undefined : familyOf(address);
  if (family === undefined) return "The host's name does not lead to an address.";
  if (url.protocol === "http:" && !LOOPBACK.check(address, family)) return "http is only for loopback.";
  if (isPublic(address, family) || isListedAddress(address, portOf(url), list)) return undefined;
  return "The host leads to an address that is not public and that the operator has not listed.";
}

/** The host of a URL as it is looked up: an IPv6 address without its brackets, a name without the root's dot. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

function portOf({ port, protocol }: URL): string {
  if (port !== "") return port;
  return protocol === "https:" ? "443" : "80";
}

/** What is listed with a port is listed at that port alone. */
function isListedAddress(address: string, port: string, { addresses }: HostList): boolean {
  if (isIP(address) === 0) return false;
  return [ANY_PORT, port].some((one) => addresses.get(one)?.check(address, familyOf(address)) === true);
}

type Family = "ipv4" | "ipv6";

function familyOf(address: string): Family {
  return address.includes(":") ? "ipv6" : "ipv4";
}

function isRange(address: string, bits: number): boolean {
  const family = isIP(address);
  return family !== 0 && bits <= (family === 4 ? 32 : 128);
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits = ""] = range.split("/");
    list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

const LOOPBACK = blockList(["127.0.0.0/8", "::1/128"]);

/** IANA's special-purpose registries: private, shared, loopback, link-local (clouds' metadata), documentation, multicast. */
const SPECIAL_4 = blockList([
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
]);
/** What is public in IPv6 lies here, but for tunnels, which can lead anywhere, and documentation. */
const GLOBAL_6 = blockList(["2000::/3"]);
const SPECIAL_6 = blockList(["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]);

function isPublic(address: string, family: Family): boolean {
  if (family === "ipv4") return !SPECIAL_4.check(address, "ipv4");
  return GLOBAL_6.check(address, "ipv6") && !SPECIAL_6.check(address, "ipv6");
}
