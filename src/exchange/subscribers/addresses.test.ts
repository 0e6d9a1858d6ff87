import assert from "node:assert/strict";
import { test } from "node:test";
import { addressFault, endpointFault, parseHostList } from "./addresses.ts";

const LIST = parseHostList(
  "mottagare.example.se, labb.example.se:8443 intern.example.se,10.1.0.0/16,[fd00::1],http://127.0.0.1,http://localhost:9000",
);
const PUBLIC = parseHostList("a.example");
const SECURE = new URL("https://a.example/");
const PLAIN = new URL("http://a.example/");

test("EXCH-ADDRESS-1 only listed hosts and ports are sent to, and nobody when none is listed", () => {
  const good = [
    "https://mottagare.example.se/hook",
    "https://mottagare.example.se:444/hook",
    "https://MOTTAGARE.example.se./hook",
    "https://labb.example.se:8443/",
    "https://10.1.2.3/x",
    "https://[fd00::1]/x",
    "http://127.0.0.1:1234/hook",
    "http://0x7f.1/hook", // another spelling of a listed address
  ];
  for (const one of good) assert.equal(endpointFault(one, LIST), undefined, one);
  const bad = [
    "https://other.example.se/",
    "https://mottagare.example.se.evil.example/",
    "https://evil.example/mottagare.example.se",
    "https://mottagare.example.se@evil.example/",
    "https://user:pass@mottagare.example.se/",
    "https://mottagare.example.se/#x",
    "http://mottagare.example.se/",
    "https://labb.example.se/",
    "https://10.2.0.1/",
    "https://[::1]/",
    "http://localhost:9001/",
    "ftp://mottagare.example.se/",
    "file:///etc/passwd",
    "mottagare.example.se",
    "",
  ];
  for (const one of bad) assert.equal(typeof endpointFault(one, LIST), "string", one);
  assert.match(endpointFault("https://mottagare.example.se/", parseHostList(" , ")) ?? "", /EIRA_SUBSCRIBER_HOSTS/);
  assert.throws(() => parseHostList("https://a.example/path"), /a\.example\/path/);
  assert.throws(() => parseHostList("10.0.0.0/33"), /10\.0\.0\.0\/33/);
});

test("EXCH-ADDRESS-2 what a name means must be public, unless the address is listed; http is for loopback only", () => {
  for (const address of ["8.8.8.8", "193.10.0.1", "2001:6b0::1", "2a00:1450::1"])
    assert.equal(addressFault(address, SECURE, PUBLIC), undefined, address);
  const hidden = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "not an address",
  ];
  for (const address of hidden) assert.equal(typeof addressFault(address, SECURE, PUBLIC), "string", address);
  assert.equal(addressFault("10.1.2.3", SECURE, LIST), undefined);
  assert.equal(addressFault("127.0.0.1", PLAIN, LIST), undefined);
  assert.equal(typeof addressFault("8.8.8.8", PLAIN, LIST), "string");
});

test("EXCH-ADDRESS-3 what is listed with a port is listed at that port alone, an address as well as what a name leads to", () => {
  const list = parseHostList("10.0.0.5:8443 [fd00::5]:8443 10.2.0.0/16 10.0.0.6 inne.example.se 10.0.0.7:443");
  for (const good of [
    "https://10.0.0.5:8443/",
    "https://[fd00:0::5]:8443/",
    "https://10.2.9.9:22/",
    "https://10.0.0.6:22/",
    "https://10.0.0.7/",
  ])
    assert.equal(endpointFault(good, list), undefined, good);
  for (const bad of ["https://10.0.0.5:22/", "https://10.0.0.5/", "https://[fd00::5]/", "https://10.0.0.7:8443/"])
    assert.match(endpointFault(bad, list) ?? "", /not among those/, bad);
  const at = (port: string): URL => new URL(`https://inne.example.se:${port}/`);
  assert.equal(addressFault("10.0.0.5", at("8443"), list), undefined);
  assert.match(addressFault("10.0.0.5", at("22"), list) ?? "", /not public/);
  assert.match(addressFault("fd00::5", at("443"), list) ?? "", /not public/);
  assert.equal(addressFault("10.2.9.9", at("22"), list), undefined);
  assert.equal(addressFault("10.0.0.7", at("443"), list), undefined);
  assert.equal(endpointFault("https://10.2.9.9/", parseHostList("10.2.0.0/16")), undefined, "a range alone is a list");
});
