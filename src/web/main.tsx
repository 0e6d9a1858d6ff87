/** Starts Vårdytan, the clinician's web application. */
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { LanguageProvider } from "./language/language.tsx";
import { router } from "./routes.tsx";
import { ThemeProvider } from "./ui/provider.tsx";
import { queries } from "./wire/queries.ts";

// A page that the browser kept whole belongs to whoever was here then.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <ThemeProvider>
      <LanguageProvider>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LanguageProvider>
    </ThemeProvider>
  </StrictMode>,
);
