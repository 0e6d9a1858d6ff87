/** Words sought in the texts of a record. SPEC BASE-FIND */
export { textsOf } from "./resource-texts.ts";
export { hitsIn, MOST_SOUGHT, soughtWith, standsIn, type Hit, type Sought } from "./sought.ts";
export { swedishStem } from "./stem.ts";
