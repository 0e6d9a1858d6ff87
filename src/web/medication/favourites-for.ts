/** Which favourites what is typed may mean. Pure. SPEC WEB-ORDAIN-1 */
import type { Favourite } from "../wire/medication.ts";

/** Those whose drug, by any of its names, or whose line begins with what is typed; all when nothing is, and none that stands there whole. */
export function favouritesFor(all: readonly Favourite[], typed: string): readonly Favourite[] {
  const text = typed.trim().toLocaleLowerCase("sv");
  const begins = (name: string): boolean => name.toLocaleLowerCase("sv").startsWith(text);
  return all.filter((one) => one.typed !== typed && (text === "" || [...one.names, one.typed].some(begins)));
}
