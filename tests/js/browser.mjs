// Chromium, driven line by line: one JSON object per line in, one per line out. Started by tests/browser.
import { createInterface } from "node:readline";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { chromium } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
const browser = await chromium.launch({
  executablePath,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
// Longer than this nothing takes, even on a slow machine.
const DEADLINE_MS = 60_000;
const wrong = [];
let context = null;
let page = null;

async function begin({ width, height }) {
  if (context) await context.close();
  // The checker of accessibility is put into the page from outside: the console's own policy would refuse it.
  context = await browser.newContext({ viewport: { width, height }, locale: "zh-CN", bypassCSP: false });
  context.setDefaultTimeout(DEADLINE_MS);
  await tab();
}

// One more page of the same window.
async function tab() {
  page = await context.newPage();
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    // What is refused is answered by a status; Chromium calls that an error of loading.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) wrong.push(message.text());
  });
  page.on("dialog", (dialog) => dialog.accept());
}

const deeds = {
  begin,
  tab,
  // Back to the first page of the window.
  async first() { page = context.pages()[0]; await page.bringToFront(); },
  async goto({ url }) {
    const answer = await page.goto(url);
    return answer.status();
  },
  async fill({ at, text }) { await page.fill(at, text); },
  // What nobody types: a hidden field, as an old page would bring it.
  async hidden({ at, text }) { await page.$$eval(at, (fields, value) => fields.forEach((field) => { field.value = value; }), text); },
  async choose({ at, value }) { await page.selectOption(at, value); },
  async click({ at }) { await page.click(at); await page.waitForLoadState(); },
  async press({ key }) {
    const before = page.url();
    await page.keyboard.press(key);
    return before;
  },
  // Until the address is no longer this one.
  async moved({ from }) { await page.waitForURL((url) => url.toString() !== from); },
  async waits({ at, text }) {
    await page.waitForFunction(
      ([at, text]) => [...document.querySelectorAll(at)].some((e) => e.innerText.includes(text)), [at, text]);
  },
  async drawn({ at }) {
    await page.locator(at).last().scrollIntoViewIfNeeded();
    await page.waitForFunction((at) => [...document.querySelectorAll(at)].every((e) => e.complete && e.naturalWidth > 0), at);
  },
  async gone({ at }) { await page.locator(at).first().waitFor({ state: "hidden" }); },
  async twice({ at }) { await page.dblclick(at); await page.waitForLoadState(); },
  async back() { await page.goBack(); },
  async reload() { await page.reload(); },
  // What a thumb would miss: smaller than 44 pixels. A tick counts with the label around it.
  async small() {
    return page.evaluate(() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
      .filter((e) => e.checkVisibility() && !e.classList.contains("skip"))
      .map((e) => [e, ((e.matches("[type=radio], [type=checkbox]") && e.closest("label")) || e).getBoundingClientRect()])
      .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
      .map(([e, box]) => `${e.outerHTML.slice(0, 90)} is ${Math.round(box.width)} x ${Math.round(box.height)}`));
  },
  async text({ at }) { return page.innerText(at); },
  async value({ at }) { return page.inputValue(at); },
  async count({ at }) { return page.locator(at).count(); },
  async links() {
    return page.$$eval("a[href]", (all) => all.map((a) => a.getAttribute("href")).filter((h) => h.startsWith("/")));
  },
  async url() { return page.url(); },
  async files({ at, path }) { await page.setInputFiles(at, path); },
  async shot({ path, whole }) {
    mkdirSync(dirname(path), { recursive: true });
    await page.screenshot({ path, fullPage: whole });
  },
  async pdf({ path }) {
    mkdirSync(dirname(path), { recursive: true });
    const bytes = await page.pdf({ path, format: "A4", preferCSSPageSize: true });
    return (bytes.toString("latin1").match(/\/Type\s*\/Page[^s]/g) || []).length;
  },
  // What the page is wider than the window by.
  async overflow() {
    return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  },
  async axe() {
    const cdp = await context.newCDPSession(page);
    await cdp.send("Runtime.evaluate", { expression: axeSource });
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    return found.violations
      .filter((v) => v.impact === "serious" || v.impact === "critical")
      .map((v) => `${v.id}: ${v.help} (${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join("; ")})`);
  },
  async wrong() { return wrong.splice(0); },
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let answer;
  try {
    answer = { done: (await deeds[asked.do](asked)) ?? null };
  } catch (error) {
    answer = { failed: String(error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
await browser.close();
