import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { castOf, chart, type Cast } from "./stage/patients.ts";
import { setStage, signIn, using, type Stage, untilTrue } from "./stage/stage.ts";

let stage: Stage;
let cast: Cast;

before(async () => {
  stage = await setStage();
  await using(stage.open("/"), async (page) => {
    cast = await castOf(page);
  });
});
after(() => stage?.close());

test("WEB-SIGN-1 a person and an assignment are chosen with the keyboard alone", async () => {
  await using(stage.anonymous(), async (page) => {
    await page.goto("/");
    await page.waitForURL("**/logga-in");
    await page.getByRole("option").first().waitFor();
    const all = await page.getByRole("option").count();
    assert.ok(all >= 60, `${all} assignments`);
    await page.keyboard.type("läkare akut");
    await untilTrue(page, `document.querySelectorAll("[role=option]").length < ${all}`);
    await page.keyboard.press("ArrowDown");
    const chosen = await page.locator("[role=option][aria-selected=true] strong").innerText();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Sök patient" }).waitFor();
    assert.match(await page.getByRole("banner").innerText(), new RegExp(chosen));
  });
});

test("WEB-SIGN-3 when the session ends the chart leaves the screen, and signing in leads back to the same place", async () => {
  await using(stage.open(chart(cast.followed, "tidslinje?typ=Composition")), async (page) => {
    await page.locator("[data-row]").first().waitFor();
    await page.context().clearCookies();
    await page.keyboard.press("u");
    await page.getByRole("heading", { name: "Logga in i Eira" }).waitFor();
    assert.equal(await page.locator("[data-patient]").count(), 0);
    const family = cast.followed.name?.[0]?.family ?? "";
    assert.equal((await page.locator("main").innerText()).includes(`${family},`), false);
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("Enter");
    await page.locator("[data-patient]").waitFor();
    assert.match(page.url(), /tidslinje\?typ=Composition$/);
  });
});

test("WEB-SIGN-4 signing out empties every tab, and the way back does not bring the chart again", async () => {
  await using(stage.open(chart(cast.followed)), async (page) => {
    const other = await page.context().newPage();
    await other.goto(chart(cast.followed, "lakemedel"));
    await other.locator("[data-patient]").waitFor();
    await page.locator("[data-patient]").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await page.waitForURL("**/tidslinje");
    await page.keyboard.press("Control+Shift+L");
    for (const tab of [page, other]) {
      await tab.getByRole("heading", { name: "Logga in i Eira" }).waitFor();
      assert.equal(await tab.locator("[data-patient]").count(), 0);
    }
    await page.goBack();
    await page.getByRole("heading", { name: "Logga in i Eira" }).waitFor();
    assert.equal(await page.locator("[data-patient]").count(), 0);
  });
});

test("WEB-SIGN-6 signing out on all computers empties another computer's screen, and a failure is said", async () => {
  await using(stage.open(chart(cast.followed)), async (page) => {
    await using(stage.anonymous(), async (other) => {
      await signIn(other.context());
      await other.goto(chart(cast.followed));
      for (const one of [page, other]) await one.locator("[data-patient]").waitFor();
      await page.getByRole("button", { name: /Inställningar och utloggning/ }).click();
      await page.route("**/api/sessions/end", (route) => route.abort(), { times: 1 });
      await page.getByRole("button", { name: "Logga ut på alla datorer" }).click();
      await page.getByRole("alert").getByText("Du kan fortfarande vara inloggad på andra datorer").waitFor();
      assert.equal(await page.locator("[data-patient]").count(), 1);
      await page.getByRole("button", { name: "Logga ut på alla datorer" }).click();
      await page.getByRole("heading", { name: "Logga in i Eira" }).waitFor();
      await other.keyboard.press("u");
      await other.getByRole("heading", { name: "Logga in i Eira" }).waitFor();
      assert.equal(await other.locator("[data-patient]").count(), 0);
    });
  });
});

test("WEB-SIGN-5 a sign-in that fails says why in Swedish, and can be tried again", async () => {
  await using(stage.anonymous(), async (page) => {
    const outcome = {
      resourceType: "OperationOutcome",
      issue: [{ severity: "error", code: "transient", details: { text: "Katalogen svarar inte." } }],
    };
    await page.route("**/api/sign-in/people", (route) => route.fulfill({ status: 503, json: outcome }), { times: 2 });
    await page.goto("/logga-in");
    await page.getByText("Katalogen svarar inte.").waitFor();
    await page.getByRole("button", { name: "Försök igen" }).click();
    await page.getByRole("option").first().waitFor();
  });
});

test("WEB-CSP-1 every screen works under the strict policy that the server sends, without any inline style or script", async () => {
  await using(stage.anonymous(), async (page) => {
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await signIn(page.context());
    const response = await page.goto(chart(cast.followed));
    const policy = response?.headers()["content-security-policy"] ?? "";
    assert.match(
      policy,
      /script-src 'self'; style-src 'self';.*require-trusted-types-for 'script'; trusted-types 'none'/,
    );
    await page.locator("[data-patient]").waitFor();
    for (const keys of ["g t", "g a", "g l", "g s", "g m", "g d", "g u", "g b", "g k", "g c", "g v", "g i", "?"]) {
      for (const key of keys.split(" ")) await page.keyboard.press(key);
      await page.waitForTimeout(150);
      assert.equal(await page.locator("style").count(), 0, keys);
    }
    assert.deepEqual(complaints, []);
  });
});
