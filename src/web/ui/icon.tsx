/** Small line icons of our own, always beside words or inside a named control, so they are hidden from screen readers. */
import type { ReactNode } from "react";

const PATHS = {
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.4 10.4 14 14",
  alert: "M8 1.8 14.6 13.6H1.4ZM8 6.2v3.6M8 11.6v.2",
  shield: "M8 1.6 13.4 3.4v4.2c0 3.2-2.2 5.6-5.4 6.8-3.2-1.2-5.4-3.6-5.4-6.8V3.4Z",
  refresh: "M13.2 6.4A5.4 5.4 0 0 0 3.6 4.8M2.8 9.6a5.4 5.4 0 0 0 9.6 1.6M3.4 1.8v3.2h3.2M12.6 14.2V11H9.4",
  print: "M4.4 6V2h7.2v4M4.4 11.4H2.2V6h11.6v5.4h-2.2M4.4 9.4h7.2V14H4.4Z",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1",
  moon: "M13.4 9.4A5.8 5.8 0 0 1 6.6 2.6a5.8 5.8 0 1 0 6.8 6.8Z",
  down: "M3.6 6 8 10.4 12.4 6",
  menu: "M2 4h12M2 8h12M2 12h12",
  up: "M8 3v10M4 7l4-4 4 4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
