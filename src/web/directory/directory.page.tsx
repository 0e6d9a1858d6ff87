/** The frame of the directory's screens: what they are for, and the way between them. SPEC WEB-DIRECTORY */
import { Outlet } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { WorkFrame } from "../shell/work-frame.tsx";
import { useDirectoryTexts } from "./use-directory-texts.ts";

export function DirectoryPage(): ReactNode {
  const { title, parts, intro } = useDirectoryTexts();
  return (
    <WorkFrame
      title={title}
      intro={intro}
      parts={[
        { to: "/katalog", name: parts.people, isExact: true },
        { to: "/katalog/andra", name: parts.change },
        { to: "/katalog/genomgang", name: parts.review },
      ]}
    >
      <Outlet />
    </WorkFrame>
  );
}
