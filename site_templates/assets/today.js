/* Keeps a page true on days after that of its build, without a rebuild.
 *
 * The reader's day is that of the team's time zone. A page carries the days that its states come
 * from, and `data/today.js` (tracker/site/today.py) the words and the counts; what a state means is
 * settled in tracker/library/status.py. On the day of the build, and on a day before it (a clock
 * that is wrong), the page stays as it is.
 *
 *   TrackerToday.day            the day that the page shows: "2026-12-01"
 *   TrackerToday.recount(part)  counts the states within an element anew
 *   "tracker:day"               an event on the document, once the page shows another day
 *
 * What is counted anew, by its attribute:
 *
 *   data-step, data-due, data-plan  a next step, promise or plan with that day: late, today, ahead
 *   data-quiet, data-days [data-of] days since that day, in the words of each
 *   data-over data-of               days since that day beyond so many
 *   data-from, data-until           shown from that day on, or to the day before it
 *   data-list [data-limit]          a list, by its name; at most so many rows of it are shown
 *   data-tally                      how long the list is, where the page has only a part of it
 *   data-count [data-words]         the length of a list, or a tally: "0:12 1:3 4:-1"
 *   data-counter                    a tally of the site, on the day of the build too: pages hold none
 *   data-filled, data-blank         shown while a list is not empty, or while it is
 *   data-above                      shown while a list is longer than a number
 *   data-today                      the day itself
 *   data-asbuilt                    shown on the day of the build only: nobody can count it anew
 *   time[datetime]                  gets its year, once that is not the reader's any more
 *   template.later [data-script]    rows that nobody sees on the day of the build, or the script
 *                                   that has them (tracker/site/later.py)
 */
(function () {
  "use strict";

  const DAY = 86400000;
  const page = document.documentElement;
  const built = page.dataset.built;
  const data = globalThis.TrackerDay;
  if (!data || !built) return;
  const { words } = data;
  const numbers = new Intl.NumberFormat(page.lang);

  // --- Days ------------------------------------------------------------------------------------

  const between = (first, last) => Math.round((Date.parse(last) - Date.parse(first)) / DAY);

  /** Return the reader's day in the team's time zone; that of the build where it is not later. */
  function readersDay() {
    const form = { year: "numeric", month: "2-digit", day: "2-digit" };
    let parts;
    try {
      parts = new Intl.DateTimeFormat("en", { ...form, timeZone: data.zone }).formatToParts();
    } catch {
      return built; // A browser that does not know the zone.
    }
    const part = (type) => parts.find((each) => each.type === type).value;
    const now = `${part("year")}-${part("month")}-${part("day")}`;
    return now > built ? now : built;
  }

  const moments = new Map();

  function dayText(text, form) {
    const name = JSON.stringify(form);
    const moment = moments.get(name) ?? new Intl.DateTimeFormat(page.lang, { ...form, timeZone: "UTC" });
    moments.set(name, moment);
    // As the pages write it: a blank lets the eye tell the day from the weekday.
    return moment.format(Date.parse(text)).replace("日周", "日 周");
  }

  let day = built;

  // --- Words -----------------------------------------------------------------------------------

  /** Return what is said of a number: the form for one or for more, with the numbers put in. */
  function say(name, number, other, shown = number) {
    const forms = words[name];
    const text = forms[number === 1 ? 0 : forms.length - 1];
    return text.replace("#", shown).replace("@", other);
  }

  function all(part, name, work) {
    for (const element of part.querySelectorAll(`[data-${name}]`)) {
      work(element, element.dataset[name]);
    }
  }

  const mark = (element, kind, text) => {
    element.className = `st ${kind}`;
    element.textContent = text;
  };

  // --- States ----------------------------------------------------------------------------------

  function recountStates(part) {
    const state = (name, today) => (element, text) => {
      const late = between(text, day);
      if (late > 0) mark(element, "late", say("late", late));
      else if (late === 0) mark(element, "today", words[today][0]);
      else mark(element, "planned", say("ahead", -late));
    };
    all(part, "step", state("step", "today"));
    all(part, "due", state("due", "due"));
    all(part, "plan", (element, text) => {
      const late = between(text, day);
      if (late > 0) mark(element, "late", words.overdue[0]);
      else if (late === 0) mark(element, "today", words.today[0]);
      else mark(element, "planned", words.planned[0]);
    });
    const since = (name) => (element, text) => {
      const days = Math.max(between(text, day), 0);
      const limit = element.dataset.of;
      element.textContent = limit ? say("share", days, limit) : say(name, days);
    };
    all(part, "quiet", since("quiet"));
    all(part, "days", since("days"));
    all(part, "over", (element, text) => {
      const limit = element.dataset.of;
      element.textContent = say("over", between(text, day) - limit, limit);
    });
  }

  // --- Lists -----------------------------------------------------------------------------------

  /** Put the rows of later days into their lists; where a script has them, once it is there. */
  function openTemplates(then) {
    const templates = [...document.querySelectorAll("template.later")];
    const address = templates[0]?.dataset.script;
    if (!address) {
      for (const template of templates) template.replaceWith(template.content);
      then();
      return;
    }
    const script = document.createElement("script");
    const lacking = () => {
      for (const template of templates) template.remove();
      then();
      warn(say("old", between(built, day)));
    };
    script.src = address;
    script.addEventListener("error", lacking);
    script.addEventListener("load", () => {
      const later = globalThis.TrackerLater;
      if (later?.built !== built || later.parts.length !== templates.length) {
        lacking();
        return;
      }
      templates.forEach((template, number) => {
        template.innerHTML = later.parts[number];
        template.replaceWith(template.content);
      });
      then();
    });
    document.head.append(script);
  }

  function holds({ dataset: { from, until } }) {
    return (!from || from <= day) && (!until || day < until);
  }

  function showWhatHolds() {
    for (const element of document.querySelectorAll("[data-from], [data-until]")) {
      element.hidden = !holds(element);
    }
  }

  /** Return what the tallies of the site come to on the day, by name. */
  function countTallies() {
    // Those of another build than the page's, from a cache, are not to be mixed with it.
    const tallies = data.built === built ? data.tallies : {};
    return new Map(Object.entries(tallies).map(([name, text]) => [name, tallied(text)]));
  }

  function fillCounters() {
    const counts = countTallies();
    all(document, "counter", (element, name) => {
      const count = counts.get(name) ?? 0;
      element.textContent = numbers.format(count);
      element.hidden = count === 0;
    });
  }

  /** Return the lengths of the lists of the page, and the tallies of the site, by name. */
  function countLists() {
    const counts = countTallies();
    all(document, "list", (list, name) => {
      const rows = [...list.children].filter(holds);
      const limit = Number(list.dataset.limit);
      if (limit) {
        rows.forEach((row, number) => {
          row.hidden = number >= limit;
        });
      }
      const { tally } = list.dataset;
      if (!counts.has(name)) counts.set(name, tally ? tallied(tally) : rows.length);
    });
    return counts;
  }

  /** Return what a tally comes to on the day. */
  function tallied(text) {
    const passed = between(built, day);
    return text
      .split(" ")
      .map((pair) => pair.split(":").map(Number))
      .reduce((sum, [days, change]) => (days <= passed ? sum + change : sum), 0);
  }

  function recountLists() {
    const counts = countLists();
    const known = (work) => (element, name) => {
      const count = counts.get(name) ?? (/^\d+:/.test(name) ? tallied(name) : null);
      if (count !== null) work(element, count);
    };
    all(document, "count", known((element, count) => {
      const { words: name, mark: kind } = element.dataset;
      const number = numbers.format(count);
      element.textContent = name ? say(name, count, "", number) : number;
      if (kind) element.className = count ? `st ${kind}` : "";
      element.toggleAttribute("data-zero", count === 0);
    }));
    all(document, "filled", known((element, count) => {
      element.hidden = count === 0;
    }));
    all(document, "blank", known((element, count) => {
      element.hidden = count > 0;
    }));
    all(document, "above", (element, text) => {
      const [name, limit] = text.split(" ");
      known((more, count) => {
        more.hidden = count <= Number(limit);
      })(element, name);
    });
  }

  // --- Agenda and calendar ---------------------------------------------------------------------

  const TODAY_ID = "today";

  const agendaDays = () => [...document.querySelectorAll("section.day[data-day]")];
  const agendaLength = agendaDays().length;

  /** Let the days that are past go, and the next ones come. */
  function turnAgenda() {
    const days = agendaDays();
    if (!days.length) return;
    const badge = document.querySelector("section.day[data-day] h2 .st");
    const tomorrow = document.querySelector("section.day[data-day] h2 small");
    for (const section of days) {
      const ahead = between(day, section.dataset.day);
      section.hidden = ahead < 0 || ahead >= agendaLength;
      const heading = section.querySelector("h2");
      section.classList.toggle("today", ahead === 0);
      heading.id = ahead === 0 ? TODAY_ID : `d${section.dataset.day}`;
      section.setAttribute("aria-labelledby", heading.id);
      if (ahead === 0) heading.append(" ", badge);
      if (ahead === 1) heading.append(" ", tomorrow);
    }
  }

  function turnCalendar() {
    const cells = [...document.querySelectorAll("td[data-day]")];
    const before = cells.find((cell) => cell.classList.contains("today"));
    const now = cells.find((cell) => cell.dataset.day === day);
    if (before && before !== now) {
      before.removeAttribute("id");
      before.classList.remove("today");
      before.querySelector(".date .st").remove();
    }
    if (now && before !== now) {
      const badge = document.createElement("span");
      mark(badge, "today", words.today[0]);
      now.id = TODAY_ID;
      now.classList.remove("free");
      now.classList.add("today");
      now.querySelector(".date").append(" ", badge);
    }
    const link = document.getElementById("to-today");
    if (link) {
      const month = document.querySelector(`[data-month="${day.slice(0, 7)}"]`);
      link.hidden = !month;
      if (month) link.href = `${month.getAttribute("href")}#${TODAY_ID}`;
    }
    for (const part of document.querySelectorAll("td[data-day], .entries[data-day]")) {
      if (part.dataset.day >= day) continue;
      for (const line of part.querySelectorAll("li > .l1")) {
        if (line.querySelector(".st.late")) continue;
        const sign = document.createElement("span");
        const word = document.createElement("span");
        sign.className = "st late";
        word.className = "hide";
        word.textContent = words.overdue[0];
        sign.append(word);
        line.prepend(sign, " ");
      }
    }
  }

  // --- The day itself --------------------------------------------------------------------------

  function showDay() {
    const passed = between(built, day);
    const asOf = document.querySelector(".asof time");
    const age = document.querySelector(".asof .age");
    if (asOf && age) {
      asOf.dateTime = day;
      asOf.textContent = dayText(day, { month: "short", day: "numeric", weekday: "short" });
      age.textContent = say("built", passed);
      age.hidden = false;
    }
    all(document, "asbuilt", (element) => {
      element.hidden = true;
    });
    all(document, "today", (element) => {
      const time = element.querySelector("time");
      time.dateTime = day;
      time.textContent = dayText(day, { dateStyle: "full" });
    });
    if (passed > data.horizon) warn(say("old", passed));
  }

  /** Give days their year: one without it is taken for a day of the reader's year. */
  function addYears() {
    const now = day.slice(0, 4);
    if (now === built.slice(0, 4)) return;
    for (const time of document.querySelectorAll("time[datetime]")) {
      const year = time.dateTime.slice(0, 4);
      if (year === now || time.textContent.includes(year)) continue;
      const form = { year: "numeric", month: "short", day: "numeric" };
      const hasWeekday = time.textContent.includes(dayText(time.dateTime, { weekday: "short" }));
      time.textContent = dayText(time.dateTime, hasWeekday ? { ...form, weekday: "short" } : form);
    }
  }

  function warn(text) {
    let notice = document.getElementById("too-old");
    if (!notice) {
      notice = document.createElement("p");
      notice.id = "too-old";
      notice.className = "notice";
      notice.append(document.createElement("span"));
      notice.firstChild.className = "st warning";
      document.getElementById("main")?.prepend(notice);
    }
    notice.firstChild.textContent = text;
  }

  // --- Turning to another day ------------------------------------------------------------------

  let opening = false;

  function turn() {
    const now = readersDay();
    if (now <= day || opening) return;
    day = now;
    opening = true;
    openTemplates(() => {
      opening = false;
      show();
    });
  }

  function show() {
    showWhatHolds();
    turnAgenda();
    turnCalendar();
    fillCounters();
    recountLists();
    recountStates(document);
    showDay();
    addYears();
    document.dispatchEvent(new CustomEvent("tracker:day", { detail: day }));
    if (location.hash === `#${TODAY_ID}`) document.getElementById(TODAY_ID)?.scrollIntoView();
  }

  globalThis.TrackerToday = Object.freeze({
    get day() {
      return day;
    },
    recount: recountStates,
    say,
    turn,
  });
  fillCounters();
  turn();
  // Midnight passes while a page is open; a phone that sleeps lets no timer run.
  setInterval(turn, 60000);
  document.addEventListener("visibilitychange", turn);
  addEventListener("pageshow", turn);
})();
