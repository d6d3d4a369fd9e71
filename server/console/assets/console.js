// The console's only script. Everything works without it but a few comforts: figures that move by themselves,
// one-key decisions, a question before what cannot be taken back at once, and a way back that sends nothing again.
"use strict";

// Parts of the page that move: the page is asked for again and what carries the same id is replaced.
function freshen() {
  fetch(location.href, { headers: { "X-Live": "1" }, credentials: "same-origin" })
    .then((answer) => (answer.ok && !answer.redirected ? answer.text() : Promise.reject()))
    .then((text) => {
      const fresh = new DOMParser().parseFromString(text, "text/html");
      for (const old of document.querySelectorAll("[data-live][id]")) {
        const next = fresh.getElementById(old.id);
        if (next && next.innerHTML !== old.innerHTML && !old.contains(document.activeElement)) {
          old.innerHTML = next.innerHTML;
        }
      }
      document.body.dataset.fresh = String(Number(document.body.dataset.fresh || 0) + 1);
    })
    .catch(() => {});
}

if (document.querySelector("main [data-live]") && window.EventSource) {
  let waiting = null;
  const soon = () => {
    if (waiting === null) waiting = setTimeout(() => { waiting = null; freshen(); }, 150);
  };
  const line = new EventSource("/live");
  let first = true;
  line.addEventListener("ready", () => { if (!first) soon(); first = false; });
  line.addEventListener("changed", soon);
  addEventListener("pagehide", () => line.close());
}

// Keys: an element with data-key is what that key presses; not while something is typed.
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const at = event.target;
  if (at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName))) {
    if (event.key === "Escape") at.blur();
    return;
  }
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (wanted instanceof HTMLElement) {
    event.preventDefault();
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(wanted.tagName)) wanted.focus();
    else wanted.click();
  }
});

// Asked once more.
addEventListener("submit", (event) => {
  const by = event.submitter;
  const ask = (by && by.dataset.ask) || event.target.dataset.ask;
  if (ask && !confirm(ask)) event.preventDefault();
});

// A form that is sent is not sent twice.
addEventListener("submit", (event) => {
  const form = event.target;
  // What only hands over a file leaves the page as it is, and may be asked for again.
  if (event.defaultPrevented || form.dataset.again !== undefined) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.method.toLowerCase() === "post") form.dataset.sent = "1";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// An answer to a form stands at the address of its page: to load it again, or to go back to it, sends nothing.
const answered = document.querySelector("[data-here]");
if (answered) history.replaceState(null, "", answered.dataset.here);

// A choice that asks for the page again.
addEventListener("change", (event) => {
  const at = event.target;
  if (at instanceof HTMLElement && at.dataset.submits !== undefined && at.form) at.form.requestSubmit();
});

// Printing.
addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-print]")) print();
});
