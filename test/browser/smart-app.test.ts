/** A real little SMART application on a server of its own, opened by itself and from a chart. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { Patient } from "fhir/r4";
import { castOf, chart } from "./stage/patients.ts";
import { setStage, using, type Stage } from "./stage/stage.ts";

type Json = Readonly<Record<string, unknown>>;

let stage: Stage;
let app: Server;
let address: string;
let patient: Patient;
const client = `grafen-${randomBytes(4).toString("hex")}`;
/** What the application remembers of those that it has sent away, by state. */
const sent = new Map<string, { readonly verifier: string; readonly token: string }>();

before(async () => {
  stage = await setStage();
  app = createServer((request, response) => {
    const url = new URL(request.url ?? "/", address);
    const work = url.pathname === "/launch" ? begin(url, response) : finish(url, response);
    work.catch((error: unknown) => response.end(`Appen misslyckades: ${String(error)}`));
  });
  await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  const scope = "openid fhirUser launch launch/patient patient/*.rs";
  const places = ["--redirect", `${address}/back`, "--launch", `${address}/launch`];
  stage.command("client", "app", "--id", client, "--name", "Grafen", "--scope", scope, ...places);
  await using(stage.open("/"), async (page) => {
    patient = (await castOf(page)).followed;
  });
});
after(async () => {
  app?.close();
  await stage?.close();
});

/** Sends the person to where the FHIR server says that people are asked. */
async function begin({ searchParams }: URL, response: ServerResponse): Promise<void> {
  const iss = searchParams.get("iss") ?? `${stage.base}/fhir/R4`;
  const launch = searchParams.get("launch");
  const found = (await (await fetch(`${iss}/.well-known/smart-configuration`)).json()) as Json;
  const [state, verifier] = [randomBytes(8).toString("hex"), randomBytes(32).toString("base64url")];
  sent.set(state, { verifier, token: String(found["token_endpoint"]) });
  const asks = new URLSearchParams({
    response_type: "code",
    client_id: client,
    redirect_uri: `${address}/back`,
    scope: `openid fhirUser patient/*.rs ${launch === null ? "launch/patient" : "launch"}`,
    state,
    aud: iss,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...(launch === null ? {} : { launch }),
  });
  response.writeHead(302, { location: `${String(found["authorization_endpoint"])}?${String(asks)}` }).end();
}

/** Fetches the token and shows whose record it is, and how much of others it gets. */
async function finish({ searchParams }: URL, response: ServerResponse): Promise<void> {
  const known = sent.get(searchParams.get("state") ?? "");
  const code = searchParams.get("code");
  if (known === undefined || code === null) return void response.end(`Nekad: ${searchParams.get("error")}`);
  const fields = { grant_type: "authorization_code", code, redirect_uri: `${address}/back`, client_id: client };
  const body = new URLSearchParams({ ...fields, code_verifier: known.verifier });
  const tokens = (await (await fetch(known.token, { method: "POST", body })).json()) as Json;
  const get = async (path: string): Promise<Json> =>
    (await (
      await fetch(`${stage.base}/fhir/R4/${path}`, {
        headers: { authorization: `Bearer ${String(tokens["access_token"])}` },
      })
    ).json()) as Json;
  const others = await get("Patient?_summary=count");
  const own = await get(`Patient/${String(tokens["patient"])}`);
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.end(`Grafen visar ${String(own["id"])} och når ${String(others["total"])} patient`);
}

test("WEB-APP-1 an application that is opened by itself asks who it is for, is allowed, and reaches that patient only", async () => {
  await using(stage.open("/"), async (page) => {
    await page.goto(`${address}/launch`);
    await page.getByRole("heading", { name: "Grafen vill använda Eira i ditt namn" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Tillåt" }).isDisabled(), true);
    const number = patient.identifier?.[0]?.value ?? "";
    await page.getByLabel("Vilken patient gäller det?").fill(number);
    await page.locator("main li button").first().click();
    await page.getByText("Vald patient:").waitFor();
    await page.getByRole("button", { name: "Tillåt" }).click();
    await page.getByText(`Grafen visar ${patient.id} och når 1 patient`).waitFor();
    await page.goto(`${address}/launch`);
    await page.getByRole("button", { name: "Neka" }).click();
    await page.getByText("Nekad: access_denied").waitFor();
  });
});

test("WEB-APP-1 an application is opened from the chart for its patient", async () => {
  await using(stage.open(chart(patient)), async (page) => {
    const [opened] = await Promise.all([
      page.context().waitForEvent("page"),
      page.getByRole("button", { name: "Öppna Grafen" }).click(),
    ]);
    await opened.getByRole("button", { name: "Tillåt" }).click();
    await opened.getByText(`Grafen visar ${patient.id} och når 1 patient`).waitFor();
  });
});
