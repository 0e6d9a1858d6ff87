/**
 * Who may talk: by address, and by the certificate that the other side shows. Nobody who is not listed gets as far as sending.
 *
 * SPEC EXCH-HL7-PEER
 */
import { X509Certificate } from "node:crypto";
import { BlockList, isIP, type Socket } from "node:net";
import { TLSSocket, type SecureContextOptions } from "node:tls";

/** Keys and certificates as PEM texts. `ca` vouches for the other side. */
export type TlsFiles = { readonly key: string; readonly cert: string; readonly ca?: string };

/** What a peer is known by. Nothing listed of a kind: that kind decides nothing. */
export type AllowedPeers = {
  /** Addresses and ranges: `10.1.2.3`, `10.1.0.0/16`. */
  readonly addresses?: readonly string[];
  /** Common names, or SHA-256 fingerprints (`AB:CD:…`), of client certificates. */
  readonly certificates?: readonly string[];
};

export type Peer = {
  readonly address: string;
  /** Of the certificate that the peer showed and the listener's authority vouches for. */
  readonly commonName: string | undefined;
  readonly fingerprint: string | undefined;
};

export function peerOf(socket: Socket): Peer {
  const address = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  if (!(socket instanceof TLSSocket) || !socket.authorized)
    return { address, commonName: undefined, fingerprint: undefined };
  const certificate = socket.getPeerCertificate();
  const name = certificate.subject?.CN;
  return { address, commonName: Array.isArray(name) ? undefined : name, fingerprint: certificate.fingerprint256 };
}

/** Whether a peer is among those that are listed. */
export function isAllowed({ addresses = [], certificates = [] }: AllowedPeers, peer: Peer): boolean {
  if (addresses.length > 0 && !isListed(addresses, peer.address)) return false;
  if (certificates.length === 0) return true;
  return certificates.some((one) => one === peer.commonName || one.toUpperCase() === peer.fingerprint?.toUpperCase());
}

function isListed(addresses: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const one of addresses) addTo(list, one);
  const kind = isIP(address);
  return kind !== 0 && list.check(address, kind === 6 ? "ipv6" : "ipv4");
}

/** @throws RangeError for a text that is neither an address nor a range. */
export function addTo(list: BlockList, text: string): void {
  const [address = "", length] = text.split("/");
  const kind = isIP(address);
  if (kind === 0) throw new RangeError(`${text} is neither an address nor a range`);
  const family = kind === 6 ? "ipv6" : "ipv4";
  if (length === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(length), family);
}

/** What both ends of a connection with TLS need. */
export function secureOptions({ key, cert, ca }: TlsFiles): SecureContextOptions {
  return { key, cert, minVersion: "TLSv1.2", ...(ca === undefined ? {} : { ca }) };
}

const DAY_MS = 86_400_000;

/** Whole days until a certificate (PEM) ends; negative when it has. */
export function daysLeft(cert: string, now: Date): number {
  return Math.floor((endOf(cert).getTime() - now.getTime()) / DAY_MS);
}

/** When a certificate (PEM) ends. */
export function endOf(cert: string): Date {
  return new Date(new X509Certificate(cert).validTo);
}
