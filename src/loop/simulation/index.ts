/** The simulation of the ledger: worlds, planted faults, and a year of calendars. SPEC: LOOP-SIM in the module's SPEC.md. */
export { FAULTS as SIMULATION_FAULTS } from "./observer.ts";
export { findPlants, isSound, runWorld, type PlantReport, type WorldReport } from "./run.ts";
export { runYear } from "./year.ts";
