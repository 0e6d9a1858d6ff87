/**
 * The lowest module: ids, hashes, identity numbers and time. Pure: no clock, no entropy, no environment; they are arguments.
 * Everything others may use is named here. SPEC: SPEC.md in this folder.
 */
export { assertNever, type Brand, type ResourceId } from "./brand.ts";
export { hash64, hash64Text, xorKeys } from "./hash.ts";
export { HOME_COUNT, homeOf, homeOfId, newId, newPatientId, timeOfId } from "./ids.ts";
export { seededRandom, type SeededRandom } from "./random.ts";
