/** The filter of a screen, kept in the address (?sok=). The key / goes here; Escape leaves it. SPEC WEB-KEY-4 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";
import { TextInput } from "../../ui/controls.ts";

export function Filter({ label, example }: { readonly label: string; readonly example: string }): ReactNode {
  const search: { readonly sok?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const [typed, setTyped] = useState(search.sok ?? "");
  useEffect(() => setTyped(search.sok ?? ""), [search.sok]);
  const change = (text: string): void => {
    setTyped(text);
    void navigate({ to: ".", search: { ...search, sok: text || undefined }, replace: true });
  };
  return (
    <TextInput
      data-filter
      className="no-print"
      size="xs"
      aria-label={label}
      placeholder={example}
      autoComplete="off"
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
    />
  );
}
