/** What differs when the rows lie on several servers (Citus). SPEC: STORE-SPREAD in ../SPEC.md. */
export { connectionKind, spreadOf, type Spread } from "./spread-connection.ts";
