/** The frame of what somebody answers for: its parts, and the one that is shown. SPEC WEB-INBOX-1 */
import type { ReactNode } from "react";
import { WorkFrame } from "../shell/work-frame.tsx";
import { useInboxTexts } from "./use-inbox-texts.ts";

export function InboxFrame({ children }: { readonly children: ReactNode }): ReactNode {
  const { frame, intro, parts } = useInboxTexts();
  return (
    <WorkFrame
      title={frame}
      intro={intro}
      parts={[
        { to: "/inkorg", name: parts.inbox },
        { to: "/skickat", name: parts.sent },
        { to: "/vantelista", name: parts.waiting },
        { to: "/provtagning", name: parts.specimens },
        { to: "/osignerat", name: parts.unsigned },
        { to: "/franvaro", name: parts.duty },
        { to: "/drift", name: parts.operations },
      ]}
    >
      {children}
    </WorkFrame>
  );
}
