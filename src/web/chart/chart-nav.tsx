/** The sections of the chart: a column at the left, or one button that opens it where the window is narrow. SPEC WEB-NAV */
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";
import { Apps } from "../app/apps.tsx";
import { useTexts } from "../language/language.tsx";
import { Icon } from "../ui/icon.tsx";
import styles from "./chart-nav.module.css";
import { SECTIONS } from "./sections.ts";

export function ChartNav({ patientId }: { readonly patientId: string }): ReactNode {
  const { sections, shell } = useTexts();
  const { pathname } = useLocation();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(false), [pathname]);
  const here = SECTIONS.find((section) => pathname.endsWith(section.path.slice(section.path.lastIndexOf("/"))));
  return (
    <nav className={`${styles["nav"]} no-print`} aria-label={shell.chartSections}>
      <button
        type="button"
        className={styles["toggle"]}
        aria-expanded={isOpen}
        aria-controls="chart-sections"
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="menu" /> {here ? sections[here.id] : shell.chartSections}
        <Icon name="down" />
      </button>
      <ul id="chart-sections" data-open={isOpen}>
        {SECTIONS.map(({ id, path, keys }) => (
          <li key={id}>
            <Link
              to={path}
              params={{ patientId }}
              className={styles["link"]}
              activeProps={{ "aria-current": "page" }}
              aria-keyshortcuts={keys[0]}
            >
              {sections[id]}
              <span className={styles["key"]} aria-hidden="true">
                {keys[0]}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <Apps patientId={patientId} />
    </nav>
  );
}
