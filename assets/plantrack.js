// Makes GOV.UK's components a little better where a script runs. Every page works without it.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "./govuk-frontend.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

// The same form sent twice by a double click would be recorded twice or refused the second time.
createAll(Button, { preventDoubleClick: true });

for (const component of [
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  Radios,
  ServiceNavigation,
  SkipLink,
]) {
  createAll(component);
}

// The days of a replay. Where no script runs, a date is typed instead. What a move shows is fetched by
// htmx, which waits until the slider rests; nothing else on the page changes, and focus stays.
for (const days of document.querySelectorAll("[data-plantrack-days]")) {
  const slider = days.querySelector("input[type=range]");
  const shown = days.querySelector("output");
  const said = days.querySelector("[role=status]");
  const moving = days.querySelector("input[name=day]");
  const stops = days.dataset.plantrackDays.split(" ").map((each) => each.split(":"));
  const inWords = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

  slider.addEventListener("input", () => {
    const [day, number] = stops[slider.value];
    const words = `${inWords.format(new Date(day))}, ${number} ${number === "1" ? "entry" : "entries"}`;
    slider.setAttribute("aria-valuetext", words);
    shown.textContent = words;
    moving.value = day;
    const [year, month, date] = day.split("-");
    for (const [part, value] of Object.entries({ year, month, day: date })) {
      const field = document.getElementsByName(`day-${part}`)[0];
      if (field) field.value = Number(value);
    }
  });
  slider.addEventListener("htmx:after:swap", () => {
    said.textContent = `Now shown: ${shown.textContent}`;
  });
  // Where another page comes, as to whoever is no longer signed in, the browser goes there itself.
  slider.addEventListener("htmx:after:request", (event) => {
    if (event.detail.ctx.text.includes('id="result"')) return;
    event.preventDefault();
    moving.form.submit();
  });
  days.hidden = false;
}

// A part of a conference: what cannot be saved is said, and stays on the page.
for (const form of document.querySelectorAll("form[data-part]")) {
  const saved = form.querySelector("[data-not-saved]");
  const sayNotSaved = () => {
    saved.textContent = saved.dataset.notSaved;
  };
  form.addEventListener("htmx:error", sayNotSaved);
  form.addEventListener("htmx:response:error", sayNotSaved);
  let reached = false;
  form.addEventListener("submit", async (event) => {
    if (reached) return;
    event.preventDefault();
    try {
      await fetch("/healthz");
      reached = true;
      form.requestSubmit(event.submitter);
    } catch {
      sayNotSaved();
    }
  });
}
