/** Rule WEB-OPERATIONS: how the ledger and the integrations stand, on the production build. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { demoUnit } from "../../src/demo/index.ts";
import { certificateFor } from "../../src/exchange/testing/index.ts";
import { setStage, using, type Stage } from "./stage/stage.ts";

let stage: Stage;
let port = 0;
const folder = mkdtempSync(join(tmpdir(), "eira-drift-"));
before(async () => {
  port = await freePort();
  stage = await setStage({ EIRA_HL7: settings() });
});
after(async () => {
  await stage?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A laboratory that sends here, and a blind receiver whose certificate ends in 20 days. */
function settings(): string {
  const ends = new Date(Date.now() + 20.5 * 86_400_000).toISOString().replaceAll(/[-:T]/g, "").slice(2, 14);
  const { key, cert } = certificateFor("eira", `${ends}Z`);
  for (const [name, text] of Object.entries({ key, cert })) writeFileSync(join(folder, name), text);
  const owner = demoUnit("akut");
  const lab = { name: "lab-in", direction: "in", purpose: "Svar från Klinisk kemi", port, owner, expected: { day: 400, night: 40 } }; // prettier-ignore
  const blind = { name: "kopia-ut", direction: "out", purpose: "Kopior", host: "127.0.0.1", port: 9, acknowledgement: "accept", blind: true, reconciliationHours: 24, tls: { key: "key", cert: "cert", ca: "cert" } }; // prettier-ignore
  const file = join(folder, "hl7.json");
  writeFileSync(file, JSON.stringify({ channels: [lab, blind] }));
  return file;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return free;
}

/** Sends a message of MLLP and answers its acknowledgement. */
function sent(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`\x0b${text}\r\x1c\r`));
    socket.once("data", (bytes) => {
      socket.end();
      resolve(bytes.toString());
    });
    socket.once("error", reject);
  });
}

test("WEB-OPERATIONS-1 whether anything is nobody's or late is seen by words, with a key, in both widths; integrations with acknowledgement and certificate, parked messages with owners, asked for again", async () => {
  await using(stage.open("/"), async (page) => {
    await page.keyboard.press("Escape");
    await page.locator("main").focus();
    await page.keyboard.press("g");
    await page.keyboard.press("e");
    await page.getByRole("heading", { name: "Drift & integrationer" }).waitFor();
    const tile = page.locator("dl > div").filter({ hasText: "Utan ägare" });
    assert.equal(await tile.locator("dd").innerText(), "0");
    assert.equal(await tile.getAttribute("data-tone"), "calm");
    await page.getByRole("heading", { name: "Integrationer", exact: true }).waitFor();
    await page.getByText("Inget meddelande är parkerat.").waitFor();
    const blind = page.getByRole("row").filter({ hasText: "kopia-ut" });
    await blind.getByText("20 dagar kvar").waitFor();
    await blind.getByText("Blind: bara mottagen").waitFor();
    assert.match(
      await sent("MSH|^~\\&|LAB|KEM|EIRA|REG|20261122||ORU^R01|1|P|2.5.1\rPID|1||19121212-1212"),
      /\rMSA\|AA\|1/,
    );
    const parked = page.getByRole("row").filter({ hasText: "ORU^R01" });
    // It is worked on within half a second, on a machine that has nothing else to do.
    const isParked = (): Promise<boolean> =>
      parked
        .getByText("Akutmottagningen")
        .waitFor({ timeout: 2000 })
        .then(
          () => true,
          () => false,
        );
    for (let tries = 0; !(await isParked()); tries += 1) {
      assert.ok(tries < 20, "it was not parked");
      await page.reload();
    }
    assert.equal(await page.getByText(/19121212|121212-/).count(), 0);
    await parked.getByRole("button", { name: "Försök igen" }).click();
    await page.getByText("1 meddelande behandlas på nytt.").waitFor();
    await page.setViewportSize({ width: 390, height: 800 });
    const tooWide = await page.evaluate("document.documentElement.scrollWidth > innerWidth + 1");
    assert.equal(tooWide, false);
    if (process.env["EIRA_SHOTS"]) {
      await page.screenshot({ path: `${process.env["EIRA_SHOTS"]}/narrow.png`, fullPage: true });
      await page.setViewportSize({ width: 1366, height: 900 });
      await page.screenshot({ path: `${process.env["EIRA_SHOTS"]}/wide.png`, fullPage: true });
      await page.emulateMedia({ colorScheme: "dark" });
      await page.screenshot({ path: `${process.env["EIRA_SHOTS"]}/dark.png`, fullPage: true });
    }
  });
});
