import assert from "node:assert/strict";
import { chmod, chown, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { accountMay, databaseAccount, unprivilegedAccount } from "./account.ts";
import { freshDataDir, isRoot, superviseElsewhere } from "./testing/fixture.ts";

const ROOT = "root:x:0:0:root:/root:/bin/bash";
const NOBODY = "nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin";

test("EMB-ACCOUNT-1 prefers postgres, falls back to nobody, and takes neither root nor a broken line", () => {
  const postgres = "postgres:x:101:104::/var/lib/postgresql:/bin/bash";
  assert.deepEqual(unprivilegedAccount([ROOT, NOBODY, postgres].join("\n")), {
    name: "postgres",
    uid: 101,
    gid: 104,
    borrowed: true,
  });
  assert.deepEqual(unprivilegedAccount([ROOT, NOBODY, ""].join("\n")), {
    name: "nobody",
    uid: 65534,
    gid: 65533,
    borrowed: true,
  });
  assert.equal(unprivilegedAccount([ROOT, NOBODY, "postgres:x:0:0::/:/bin/sh"].join("\n"))?.name, "nobody");
  assert.equal(unprivilegedAccount([ROOT, "postgres:x", "nobody:x:many:0"].join("\n")), undefined);
  assert.notEqual(databaseAccount().uid, 0);
});

test(
  "EMB-ACCOUNT-2 an ordinary user runs the database as itself",
  { skip: !isRoot && "every other test shows it: these tests do not run as root" },
  async (t) => {
    const account = databaseAccount();
    const { uid, gid } = account;
    const mayRunUs =
      accountMay(account, 'test -r "$1"', fileURLToPath(import.meta.url)) &&
      accountMay(account, 'test -x "$1"', process.execPath);
    if (!mayRunUs) return t.skip(`${account.name} cannot read this checkout or run this Node`);
    const dataDir = await freshDataDir(t);
    await mkdir(dataDir);
    await chown(dataDir, uid, gid);
    await chmod(dataDir, 0o700);
    const child = superviseElsewhere(t, dataDir, { uid, gid });
    assert.equal((await child.next("ownership")).ownership, "started");
    assert.notEqual((await child.next("pid")).pid, process.pid);
    child.say("stop");
    await child.exited;
  },
);
