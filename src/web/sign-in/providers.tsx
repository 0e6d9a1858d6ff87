/** The ways to sign in: one button for each identity provider of the installation. They lead away from the page. SPEC WEB-SIGN-7 */
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import type { Loaded } from "../loaded.ts";
import { Button } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import { failureOf } from "../wire/call.ts";
import { providersQuery, startAddress, type Provider } from "../wire/session.ts";
import { parkedPeople } from "./parked.ts";
import styles from "./sign-in.module.css";

export function Providers(): ReactNode {
  const { signIn: texts } = useTexts();
  const { till } = useSearch({ from: "/logga-in" });
  const found = useQuery(providersQuery);
  const staff = found.data?.providers.filter(({ people }) => people === "staff");
  return (
    <>
      <Parked till={till} />
      <LoadView loaded={loadedOf(found, staff)} unknown={texts.none} lines={2}>
        {(providers) => (
          <div className={styles["providers"]}>
            {providers.map(({ id, name }) => (
              <Button key={id} component="a" size="md" href={startAddress(id, { till })}>
                {texts.with(name)}
              </Button>
            ))}
          </div>
        )}
      </LoadView>
    </>
  );
}

/** Said to the next one, when somebody has just left this screen to them. */
function Parked({ till }: { readonly till: string | undefined }): ReactNode {
  const { signIn: texts } = useTexts();
  const [last] = parkedPeople();
  if (last === undefined || last.place !== (till ?? "/")) return null;
  return <p className={styles["parked"]}>{texts.switching(last.name)}</p>;
}

type Asked = Pick<ReturnType<typeof useQuery>, "error" | "refetch">;

function loadedOf({ error, refetch }: Asked, staff: readonly Provider[] | undefined): Loaded<readonly Provider[]> {
  if (staff?.length === 0) return { state: "unknown", asOf: "" };
  if (staff !== undefined) return { state: "some", value: staff, asOf: "", stale: undefined };
  return error ? { state: "failed", failure: failureOf(error), retry: () => void refetch() } : { state: "loading" };
}
