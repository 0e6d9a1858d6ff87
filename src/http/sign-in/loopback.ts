/** True for an address on this very machine, where plain http is nobody's to listen to. SPEC HTTP-OIDC */
export function isLoopback(address: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(address).hostname);
}
