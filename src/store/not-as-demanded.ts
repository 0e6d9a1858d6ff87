/** The transaction was refused because something that was demanded of what stands there does not hold. SPEC STORE-TX-17 */
export class NotAsDemanded extends Error {}
