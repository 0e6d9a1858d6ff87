/**
 * Brings the checkout to the state a command needs: packages installed, targets built. Says what it does on standard
 * error only. When everything is in place it writes nothing, so another user can run a checkout that is read-only.
 */
import { isFresh, recordInputs, takeInputs } from "./freshness.mjs";
import { install, isInstalled } from "./installed.mjs";
import { withLock } from "./lock.mjs";
import { buildTarget } from "./publish.mjs";
import { targets } from "./targets.mjs";

/**
 * Installs and builds what the named targets lack.
 * @param {readonly string[]} names keys of `targets`
 * @param {{ force?: boolean, development?: boolean }} [options] `force` builds without asking; `development` also wants the packages of tests and checks
 */
export async function prepare(names, { force = false, development = false } = {}) {
  const wanted = names.map((name) => targets[name] ?? refuse(`There is no build target called ${name}.`));
  const isReady = () => isInstalled({ development }) && !force && wanted.every(isFresh);
  if (isReady()) return;

  await withLock(async () => {
    if (isReady()) return; // another start did it while this one waited
    if (!isInstalled({ development })) await install();
    for (const target of wanted) if (force || !isFresh(target)) await build(target);
  });
}

async function build(target) {
  const started = performance.now();
  const inputs = takeInputs(target); // before building: a file changed meanwhile makes the next start build again
  await buildTarget(target);
  recordInputs(target, inputs);
  console.error(`Built ${target.name} in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

function refuse(message) {
  console.error(message);
  process.exit(1);
}
