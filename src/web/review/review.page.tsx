/** The frame of the log reviewers' screens: what they are for, and the way between them. SPEC WEB-REVIEW */
import { Outlet } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { WorkFrame } from "../shell/work-frame.tsx";
import { useReviewTexts } from "./use-review-texts.ts";

export function ReviewPage(): ReactNode {
  const { title, parts, intro } = useReviewTexts();
  return (
    <WorkFrame
      title={title}
      intro={intro}
      parts={[
        { to: "/granskning", name: parts.tasks, isExact: true },
        { to: "/granskning/fragor", name: parts.questions },
        { to: "/granskning/statistik", name: parts.statistics },
        { to: "/granskning/utdrag", name: parts.extract },
      ]}
    >
      <Outlet />
    </WorkFrame>
  );
}
