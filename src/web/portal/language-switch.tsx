/** Swedish or English, each in its own words, so that who reads only one of them finds it. SPEC WEB-PORTAL-6 */
import type { ReactNode } from "react";
import { useLanguage } from "../language/language.tsx";
import { Button } from "../ui/controls.ts";

export function LanguageSwitch({ isOnBar = false }: { readonly isOnBar?: boolean }): ReactNode {
  const { code, choose } = useLanguage();
  const [other, name] = code === "en" ? (["sv", "Svenska"] as const) : (["en", "English"] as const);
  return (
    <Button variant={isOnBar ? "white" : "default"} size="xs" lang={other} onClick={() => choose(other)}>
      {name}
    </Button>
  );
}
