/** What differs when the rows lie on several servers (Citus). SPEC: STORE-SPREAD and STORE-CITUS in ../SPEC.md. */
export { tablesInUse } from "./in-use.ts";
export { isSpread, isSpreadOver, LayoutRefusal, refuseOtherLayout, refuseSpread } from "./layout.ts";
export { onAllNodes } from "./nodes.ts";
export { bound, dropping, insertChange, insertOne, movingToHistory, sayTogether, unfenced } from "./split.ts";
export { connectionKind, spreadOf, type Spread } from "./spread-connection.ts";
export { prepareToSpread, spreadTables } from "./spread-tables.ts";
export { allResolved, preparedOn } from "./unresolved.ts";
