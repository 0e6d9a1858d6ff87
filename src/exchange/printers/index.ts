/** Label printers: which stands where, what they are told, and the telling. SPEC: SPEC.md in this folder. */
export { bandZplOf } from "./band.ts";
export { labelPlacesIn, type LabelPlace, type Printer } from "./register.ts";
export { sendToPrinter } from "./send.ts";
export { zplOf, type LabelText } from "./zpl.ts";
