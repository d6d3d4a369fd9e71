// Keeps the line about the sync up to date while a page is open. Everything works without it.
"use strict";
const PAUSE_MS = 3000;
async function look() {
  const strip = document.getElementById("strip");
  // The page of the sync says more of it than the line.
  const asked = document.getElementById("sync-now") ? "/sync/strip?now=1" : "/sync/strip";
  if (strip && !document.hidden) {
    try {
      const answer = await fetch(asked, { credentials: "same-origin", redirect: "manual" });
      // It is locked: nobody who finds the phone is to read on. What was typed and not sent stays, to be sent with the
      // PIN; all beside it goes out of sight.
      const locked = answer.type === "opaqueredirect";
      if (locked && !typed(document)) location.reload();
      veil(locked);
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const id of ["strip", "sync-now", "sync-state", "unsent"]) {
          const [old, told] = [document.getElementById(id), page.getElementById(id)];
          if (old && told && told.outerHTML !== old.outerHTML) old.replaceWith(told);
        }
      }
    } catch { /* The app was closed, or is locked: the page says so when it is touched. */ }
  }
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE_MS);
}
let waiting = setTimeout(look, PAUSE_MS);
// Whoever comes back to the page is not to see for a moment what was locked away meanwhile.
document.addEventListener("visibilitychange", () => {
  clearTimeout(waiting);
  look();
});
// Puts out of sight all but the form in which something was typed; it comes back with the PIN, given in whatever tab.
const title = document.title;
function veil(locked) {
  const notice = document.getElementById("locked");
  if (!notice || notice.hidden !== locked) return;
  notice.hidden = !locked;
  document.title = locked ? "…" : title;
  for (const part of document.querySelectorAll(".top h1, main > *"))
    part.classList.toggle("veiled", locked && !typed(part));
}
// A form that came back, with a question or with what is wrong, holds what was typed from the beginning.
const kept = new URLSearchParams(location.search).has("again");
function typed(within) {
  return (kept && within.querySelector("form .refusal") !== null) ||
    [...within.querySelectorAll("textarea, select, input:not([type=hidden])")].some(changed);
}
function changed(box) {
  if (!box.matches("select")) return box.value !== box.defaultValue || box.checked !== box.defaultChecked;
  return box.selectedIndex !== Math.max(0, [...box.options].findIndex((option) => option.defaultSelected));
}
// Whoever fills in an answer gives it, whatever was chosen before.
document.addEventListener("input", (event) => {
  const ways = event.target.type === "radio" ? null : event.target.closest(".question");
  const given = ways?.querySelector(".ways input[value=value]");
  const filled = event.target.type === "checkbox" ? event.target.checked : event.target.value;
  if (given && filled) given.checked = true;
});
// A second tap on a slow phone is no second form: the first one is on its way.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
// How many pictures were chosen, in the words that stand beside the box.
function count(box) {
  const said = box.closest(".file")?.querySelector(".chosen");
  if (said) said.textContent = box.files.length ? said.dataset.said.replace("%", box.files.length) : "";
}
// A picture that is sent alone goes as soon as it is taken.
document.addEventListener("change", (event) => {
  if (event.target.type === "file") count(event.target);
  if (event.target.dataset.goes !== undefined && event.target.value) event.target.form.requestSubmit();
});
// These answer to a form and stand at the beginning: going back there, or loading it again, is to send nothing.
if (["/unlock", "/begin", "/scan"].includes(location.pathname)) history.replaceState(null, "", "/");
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const box of document.querySelectorAll("input[type=file]")) count(box);
});
