/** A day that is typed: any form that typed-day.ts knows becomes YYYY-MM-DD when one leaves the field. SPEC WEB-DATE-5 */
import { TextInput } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { sayDay } from "../say/dates.ts";
import { typedDay } from "../say/typed-day.ts";

type DayFieldProps = {
  readonly label: string;
  readonly value: string | undefined;
  readonly set: (day: string | undefined) => void;
  /** In a form the label stands above the field; in a tool bar it is only its name. */
  readonly isInForm?: boolean;
};

export function DayField({ label, value, set, isInForm = false }: DayFieldProps): ReactNode {
  const { list } = useTexts();
  const [typed, setTyped] = useState(value ?? "");
  useEffect(() => setTyped(value ?? ""), [value]);
  const day = typedDay(typed, sayDay(new Date().toISOString()));
  const isWrong = typed.trim() !== "" && day === undefined;
  const settle = (): void => {
    if (isWrong) return;
    setTyped(day ?? "");
    if (day !== value) set(day);
  };
  return (
    <TextInput
      {...(isInForm ? { label } : { size: "xs", "aria-label": label, placeholder: label })}
      title={list.dayForms}
      autoComplete="off"
      error={isWrong ? list.dayForms : undefined}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={settle}
      onKeyDown={(event) => event.key === "Enter" && settle()}
    />
  );
}
