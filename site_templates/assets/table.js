/* The table of customers, alive: filter, order, choice of columns, selection.
 *
 * Works on the global `trackerCustomers` (see tracker/site/table_data.py), asks TrackerQuery what a
 * query means and TrackerToday for the day. Only the rows in sight are drawn. Where anything is
 * missing or does not fit together, the static table stays as it is.
 */
(function () {
  "use strict";

  const live = document.getElementById("live");
  const fixed = document.getElementById("static");
  const loaded = globalThis.trackerCustomers;
  const rows = live && loaded && globalThis.TrackerQuery ? unpack(loaded) : null;
  if (!rows) {
    if (live) live.hidden = true;
    return;
  }
  const { head } = loaded;
  const { texts } = head;
  const part = (name) => live.querySelector(`[data-part="${name}"]`);
  const [input, count, wrong, holder, orders, picked, save, clear, cut] = [
    "query", "count", "wrong", "table", "order", "picked", "save", "clear", "cut",
  ].map(part); // prettier-ignore

  // --- Data ------------------------------------------------------------------------------------

  /** Return a row object for each customer; null where parts are missing or of another build. */
  function unpack({ sum, head, parts }) {
    const cells = head.keys.map(() => []);
    const idAt = head.keys.indexOf("id");
    for (const part of parts) {
      if (!part || part.sum !== sum) return null;
      const length = listOf(part.cells[idAt], 0).length;
      part.cells.forEach((packed, at) => {
        for (const cell of listOf(packed, length)) cells[at].push(cell);
      });
    }
    if (cells[idAt].length !== head.rows) return null;
    const paths = cells[head.keys.indexOf("path")];
    paths.forEach((path, at) => {
      if (path.endsWith("/")) paths[at] = `${path}${cells[idAt][at]}.md`;
    });
    const AT = Symbol("at");
    class Row {
      constructor(at) {
        this[AT] = at;
      }
    }
    head.keys.forEach((key, at) => {
      const column = cells[at];
      Object.defineProperty(Row.prototype, key, {
        get() {
          return column[this[AT]];
        },
      });
    });
    return cells[idAt].map((_, at) => new Row(at));
  }

  function listOf(packed, length) {
    if (packed === 0) return new Array(length).fill(null);
    return Array.isArray(packed) ? packed : packed.at.map((word) => packed.words[word]);
  }

  // --- Words and forms -------------------------------------------------------------------------

  const language = document.documentElement.lang;
  // Chinese names by pinyin in an English site too; Latin ones are ordered alike by both.
  const collator = new Intl.Collator("zh", { numeric: true });
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
  const moneyNumbers = new Intl.NumberFormat(language, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 3,
    trailingZeroDisplay: "stripIfInteger",
  });
  const wholeNumbers = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });

  /** Return a text with its values put in; of a pair, the one for the count. */
  function say(text, values = {}) {
    const template = Array.isArray(text) ? text[values.count === 1 ? 0 : 1] : text;
    return template.replace(/%\((\w+)\)s|\{(\w+)\}/g, (whole, left, right) => {
      const value = values[left ?? right] ?? whole;
      return typeof value === "number" ? numbers.format(value) : value;
    });
  }

  // The reader's day, as all of the page has it.
  const day = () => globalThis.TrackerToday?.day ?? head.built;
  let today = day();

  const remembered = new Map();

  /** Return a day in its short form; the year only where it is not this one. */
  function dayText(day, weekday = false) {
    const key = `${day}${weekday}${today.slice(0, 4)}`;
    let text = remembered.get(key);
    if (text === undefined) {
      const form = { timeZone: "UTC", month: "short", day: "numeric" };
      if (day.slice(0, 4) !== today.slice(0, 4)) form.year = "numeric";
      if (weekday) form.weekday = "short";
      text = new Intl.DateTimeFormat(language, form).format(new Date(`${day}T00:00:00Z`));
      text = text.replace("日周", "日 周");
      remembered.set(key, text);
    }
    return text;
  }

  /** Return amount and currency of a cell: `5 CNY`, or an amount in the row's own. */
  function moneyOf(row, key) {
    const cell = row[key];
    if (cell === null || cell === undefined) return null;
    const [amount, currency = row.currency ?? ""] = String(cell).split(" ");
    return { amount, currency };
  }

  /** Return an amount in words; what is weighted is an estimate, and has no cents. */
  function moneyText({ amount, currency }, key) {
    const form = key === "weighted_value" ? wholeNumbers : moneyNumbers;
    return (head.currencies[currency] ?? `${currency} `) + form.format(amount);
  }

  const ask = (row, key) => TrackerQuery.cell(row, key, today, head.query);

  const DAY = 86400000;
  const daysUntil = (day) => Math.round((Date.parse(day) - Date.parse(today)) / DAY);

  /** Return the marks of a row's state: [kind, text], the most urgent first. */
  function marksOf(row) {
    const marks = [];
    const state = ask(row, "next_state");
    if (state === "overdue") {
      marks.push(["late", say(texts.late, { count: ask(row, "days_overdue") })]);
    } else if (state === "today") {
      marks.push(["today", texts.today]);
    } else if (state === "planned") {
      marks.push(["planned", say(texts.planned, { count: daysUntil(row.next_date) })]);
    } else if (state === "none" && row.stage_kind === "open") {
      marks.push(["none", texts.none]);
    }
    if (ask(row, "stale")) marks.push(["stale", say(texts.stale, { count: ask(row, "idle_days") })]);
    return marks;
  }

  /** Return a row's next step in two parts: when and how, and what. */
  function stepOf(row) {
    if (!row.next_date || row.stage_kind === "lost") return null;
    const when = [dayText(row.next_date, true), row.next_time, row.next_method];
    return [when.filter(Boolean).join(" "), row.next_text ?? ""];
  }

  // --- Columns ---------------------------------------------------------------------------------

  const asked = new Map(head.query.columns.map((column) => [column.key, column]));
  const columns = new Map(head.columns.map((column) => [column.key, column]));
  const STORE = "tracker.columns";
  const isChinese = language.startsWith("zh");
  // In rem; those of `name` and `step` are the least, the others keep theirs.
  const WIDTHS = {
    name: 11, word: 6.4, text: 7, money: 7.4, date: isChinese ? 8.6 : 6.8, step: 10,
    state: isChinese ? 8.8 : 10.4, number: 6, list: 9, bool: 5,
  }; // prettier-ignore
  const OWN_WIDTHS = { level: 4.4, owner: isChinese ? 5.8 : 7.4, last_contact: 6.4 };
  const SHORT = new Set(["word", "money", "date", "state", "number", "bool"]);
  const RIGHT = new Set(["money", "number"]);

  /** Return a cell of a column as one line of text. */
  function textOf(row, { key, type }) {
    if (type === "state") return marksOf(row).map(([, text]) => text).join(" ");
    if (type === "step") return (stepOf(row) ?? []).filter(Boolean).join(" ");
    if (type === "money") {
      const money = moneyOf(row, key);
      return money ? moneyText(money, key) : "";
    }
    const cell = ask(row, key);
    if (cell === null || cell === undefined) return "";
    if (type === "date") return key === "expected_close" && row.stage_kind !== "open" ? "" : dayText(cell);
    if (type === "number") return numbers.format(cell);
    if (type === "bool") return cell ? texts.yes : texts.no;
    return Array.isArray(cell) ? cell.join(isChinese ? "、" : ", ") : String(cell);
  }

  const roomy = matchMedia("(min-width: 72rem), (max-width: 62rem)");
  const IF_ROOMY = new Set(["expected_close", "last_contact"]);

  function usualColumns() {
    return head.columns.filter(({ key, shown }) => shown && (roomy.matches || !IF_ROOMY.has(key)));
  }

  function shownColumns() {
    let keys = null;
    try {
      keys = JSON.parse(localStorage.getItem(STORE));
    } catch {
      // No storage, or something else in it: the usual columns.
    }
    if (!Array.isArray(keys) || !keys.length) return usualColumns();
    return head.columns.filter(({ key }) => key === "name" || keys.includes(key));
  }

  function keepColumns(keys) {
    try {
      if (keys) localStorage.setItem(STORE, JSON.stringify(keys));
      else localStorage.removeItem(STORE);
    } catch {
      // Without storage the choice holds until the page is left.
    }
  }

  let shown = shownColumns();

  // --- Order -----------------------------------------------------------------------------------

  const STATES = ["overdue", "today", "planned", "none"];
  const ranks = new Map();

  /** Return a number for each row by which a column orders them; NaN for what is absent. */
  function ranksOf(column) {
    let rank = ranks.get(column.key);
    if (!rank) ranks.set(column.key, (rank = ranked(column)));
    return rank;
  }

  function ranked({ key, type }) {
    const words = asked.get(key)?.words ?? [];
    if (type === "word" && words.length) {
      const places = new Map(words.map(([, label], place) => [label, place]));
      return rows.map((row) => places.get(row[key]) ?? (row[key] ? places.size : NaN));
    }
    if (type === "number") return rows.map((row) => Number(ask(row, key) ?? NaN));
    if (type === "bool") return rows.map((row) => (row[key] === null ? NaN : Number(!row[key])));
    if (type === "state") return rows.map(urgency);
    if (type === "money") return worths(key).map(({ worth }) => worth);
    if (type === "step") {
      return places(rows.map((row) => stepOf(row) && `${row.next_date} ${row.next_time ?? ""}`));
    }
    if (type === "date") return places(rows.map((row) => row[key]));
    return places(
      rows.map((row) => (Array.isArray(row[key]) ? row[key].join("\n") : row[key]) || null),
      collator.compare,
    );
  }

  /** Return the place of each value among all. */
  function places(values, compare) {
    const known = [...new Set(values)].filter((value) => value !== null).sort(compare);
    const place = new Map(known.map((value, at) => [value, at]));
    return values.map((value) => place.get(value) ?? NaN);
  }

  function urgency(row) {
    const state = ask(row, "next_state");
    if (state === null) return NaN;
    const days = row.next_date ? daysUntil(row.next_date) : 0;
    return STATES.indexOf(state) * 1e6 + days;
  }

  /** Return what amounts are worth, each with its currency where that has no rate. */
  function worths(key) {
    const { rates } = head.query;
    return rows.map((row) => {
      const money = moneyOf(row, key);
      if (!money) return { worth: NaN, apart: "" };
      const rate = rates[money.currency];
      if (rate) return { worth: Number(money.amount) * Number(rate), apart: "" };
      return { worth: Number(money.amount), apart: money.currency };
    });
  }

  /** Return by which currency an amount stands apart from others, last whichever the order. */
  function apartOf(column) {
    return column.type === "money" ? worths(column.key).map(({ apart }) => apart) : null;
  }

  /** Return the numbers of all rows in an order: {key, down}, or null for the usual one. */
  function ordered(sort) {
    const order = rows.map((_, at) => at);
    if (!sort) return order;
    const rank = ranksOf(columns.get(sort.key));
    const apart = apartOf(columns.get(sort.key));
    const sign = sort.down ? -1 : 1;
    return order.sort((left, right) => {
      const [a, b] = [rank[left], rank[right]];
      if (a === b && !apart) return left - right;
      if (Number.isNaN(a) || Number.isNaN(b)) {
        return Number.isNaN(a) - Number.isNaN(b) || left - right;
      }
      if (apart && apart[left] !== apart[right]) return apart[left] < apart[right] ? -1 : 1;
      return (a - b) * sign || left - right;
    });
  }

  // --- The query's text ------------------------------------------------------------------------

  const VALUE = "[\"＂“”][^\"＂“”]*[\"＂“”]|[^\\s,，、]+";
  const TERM = new RegExp(
    `([-－]?)(?:([^\\s,，、:：=＝<＜>＞≤≥"＂“”]+)\\s*[:：=＝]\\s*((?:${VALUE})(?:\\s*[,，、]\\s*(?:${VALUE}))*)` +
      "|[\"＂“”][^\"＂“”]*[\"＂“”]|\\S+)",
    "g",
  );
  const { fold } = TrackerQuery;

  /** Return the terms of a query that take values of a column: {start, end, key, values}. */
  function termsOf(text, column) {
    const keys = new Set(column.spellings.map(fold));
    return [...text.matchAll(TERM)]
      .filter(([, minus, key]) => !minus && key && keys.has(fold(key)))
      .map((match) => ({
        start: match.index,
        end: match.index + match[0].length,
        key: match[2],
        values: match[3].match(new RegExp(VALUE, "g")),
      }));
  }

  /** Return what a value means: the id of a word, else the text itself. */
  function meaning(column, value) {
    const text = fold(value.replace(/^["＂“”](.*)["＂“”]$/s, "$1"));
    const word = column.words.find((each) => [each[0], each[1], ...each[2]].some((one) => fold(one) === text));
    return word ? word[0] : text;
  }

  function hasValue(text, column, value) {
    const wanted = meaning(column, value);
    return termsOf(text, column).some(({ values }) =>
      values.some((each) => meaning(column, each) === wanted),
    );
  }

  /** Return the query with a value put in, or taken out where it is in. */
  function toggled(text, column, key, value) {
    const wanted = meaning(column, value);
    const terms = termsOf(text, column);
    const holding = terms.filter(({ values }) => values.some((each) => meaning(column, each) === wanted));
    const write = (term, values) => (values.length ? `${term.key}:${values.join(",")}` : "");
    const changed = holding.length
      ? holding.map((term) => [term, write(term, term.values.filter((each) => meaning(column, each) !== wanted))])
      : terms.slice(0, 1).map((term) => [term, write(term, [...term.values, value])]);
    if (!changed.length) return `${text.trimEnd()} ${key}:${value}`.trimStart();
    let result = text;
    for (const [term, written] of changed.reverse()) {
      result = result.slice(0, term.start) + written + result.slice(term.end);
    }
    return result.replace(/ {2,}/g, " ").trim();
  }

  // --- What is found ---------------------------------------------------------------------------

  const ownQuery = live.dataset.query;
  let waiting = 0;
  let sort = null;
  let order = ordered(null);
  let found = [];
  const selected = new Set();
  let applied = null; // The text of the query that is shown.
  let anchor = null; // The place of the row picked last, from which a range goes.

  /** Ask the query of all rows and show what is found, or what is wrong with it. */
  function apply() {
    clearTimeout(waiting);
    applied = input.value;
    const query = TrackerQuery.compile(input.value, head.query);
    found = query.errors.length ? [] : order.filter((at) => query.matches(rows[at], today));
    anchor = null;
    showErrors(query.errors);
    refresh();
    chips();
    keepAddress();
  }

  /** As `apply`; a query that is wrong while somebody types gets the time to be finished. */
  function applyTyped() {
    clearTimeout(waiting);
    if (TrackerQuery.compile(input.value, head.query).errors.length) waiting = setTimeout(apply, 600);
    else apply();
  }

  function clearFilter() {
    input.value = "";
    apply();
  }

  function showErrors(errors) {
    input.toggleAttribute("aria-invalid", false);
    if (errors.length) input.setAttribute("aria-invalid", "true");
    wrong.replaceChildren(...errors.map(errorLine));
  }

  function errorLine({ start, end, message, hint }) {
    const line = element("p");
    const text = input.value;
    const place = element("code", "live-place");
    place.append(text.slice(0, start), element("mark", "", text.slice(start, end)), text.slice(end));
    line.append(place, " ", TrackerQuery.render(message));
    if (!hint) return line;
    line.append(" · ", TrackerQuery.render(hint));
    if (hint.template === head.query.messages["did-you-mean"]) {
      const fix = button(say(texts.replace, hint.values), () => {
        input.value = text.slice(0, start) + hint.values.word + text.slice(end);
        input.focus();
        apply();
      });
      line.append(" ", fix);
    }
    return line;
  }

  function chips() {
    for (const chip of live.querySelectorAll("[data-value]")) {
      const column = asked.get(chip.dataset.column);
      chip.setAttribute("aria-pressed", String(hasValue(input.value, column, chip.dataset.value)));
    }
  }

  // --- The address -----------------------------------------------------------------------------

  const readable = (text) =>
    encodeURIComponent(text).replace(/%20/g, "+").replace(/%3A/g, ":").replace(/%2C/g, ",");

  let addressed = 0;

  /** Put filter and order into the address, so that it can be sent. */
  function keepAddress() {
    // Browsers refuse to have it changed at every keystroke.
    clearTimeout(addressed);
    addressed = setTimeout(writeAddress, 200);
  }

  function writeAddress() {
    clearTimeout(addressed);
    const parts = [];
    if (input.value !== ownQuery) parts.push(`q=${readable(input.value)}`);
    if (sort) parts.push(`sort=${sort.down ? "-" : ""}${readable(sort.key)}`);
    const search = parts.length ? `?${parts.join("&")}` : "";
    const hash = /^#(?:q|sort)=/.test(location.hash) ? "" : location.hash;
    if (search === location.search && hash === location.hash) return;
    try {
      history.replaceState(history.state, "", `${location.pathname}${search}${hash}`);
    } catch {
      // The filter works all the same.
    }
  }

  let placing = 0;

  /** Remember how far a table in a box is scrolled: browsers know it of pages alone. */
  function keepPlace() {
    clearTimeout(placing);
    placing = setTimeout(writePlace, 200);
  }

  function writePlace() {
    clearTimeout(placing);
    const { scrollLeft: left, scrollTop: top } = holder;
    try {
      history.replaceState({ ...history.state, trackerTable: { left, top } }, "");
    } catch {
      // The table works all the same.
    }
  }

  /** Take filter and order from the address: `?q=…&sort=…`, or the same behind `#`. */
  function readAddress() {
    const behind = /^#(?:q|sort)=/.test(location.hash) ? location.hash.slice(1) : location.search;
    const wanted = new URLSearchParams(behind);
    input.value = wanted.get("q") ?? ownQuery;
    const key = wanted.get("sort") ?? "";
    const name = key.replace(/^-/, "");
    sort = columns.has(name) ? { key: name, down: key.startsWith("-") } : null;
    order = ordered(sort);
  }

  // --- Drawing ---------------------------------------------------------------------------------

  const SPARE = 8; // Rows drawn beyond both edges of the screen.
  const PRINTED = 2000; // Rows on paper, which a note below them says where there are more.
  const small = matchMedia("(max-width: 62rem)");
  // Stands for the rows that are not drawn. The box itself must not: what sticks to its top would
  // keep clear of its padding.
  const space = holder.appendChild(element("div"));
  let table = null;
  let body = null;
  let height = 0; // Of a row, in pixels; 0 until one has been measured.
  let boxed = false; // Whether the table is wider than the page and scrolls within its own box.
  let drawn = new Map();
  let printing = false;

  function element(name, className = "", text = null) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== null) made.textContent = text;
    return made;
  }

  function button(text, action) {
    const made = element("button", "", text);
    made.type = "button";
    made.addEventListener("click", action);
    return made;
  }

  const isCards = () => small.matches && !printing;

  function role(made, name) {
    // A style sheet that makes cards of rows would take their roles away.
    made.setAttribute("role", name);
    return made;
  }

  /** Build the table without rows, for the columns and the screen there are. */
  function buildTable() {
    const cards = isCards();
    table = role(element("table", cards ? "live-rows cards" : "live-rows"), "table");
    table.setAttribute("aria-labelledby", "live-name");
    const group = element("colgroup");
    const line = role(element("tr"), "row");
    line.setAttribute("aria-rowindex", "1");
    const all = element("input");
    all.type = "checkbox";
    all.setAttribute("aria-label", texts.selectAll);
    all.dataset.all = "";
    const pick = role(element("th", "pick"), "columnheader");
    const label = element("label");
    label.append(all, element("span", "", texts.selectAll));
    pick.append(label);
    const first = element("col");
    first.style.width = "2.2rem";
    if (!printing) {
      group.append(first);
      line.append(pick);
    }
    if (cards) {
      for (const title of [columns.get("name").title, columns.get("state").title, texts.summary]) {
        line.append(role(element("th", "", title), "columnheader"));
      }
    } else {
      let width = 2.2;
      for (const column of shown) {
        const wide = OWN_WIDTHS[column.key] ?? WIDTHS[column.type] ?? 7;
        width += wide;
        const col = element("col");
        if (!["name", "step"].includes(column.type)) col.style.width = `${wide}rem`;
        group.append(col);
        line.append(heading(column));
      }
      // Paper has a width of its own.
      if (!printing) {
        table.style.minWidth = `${width}rem`;
        table.append(group);
      }
    }
    const top = role(element("thead"), "rowgroup");
    top.append(line);
    body = role(element("tbody"), "rowgroup");
    table.append(top, body);
    drawn = new Map();
    height = 0;
    space.replaceChildren(table);
    fit();
    markOrder();
  }

  /** Give a table that is wider than the page a box to scroll in, both ways. */
  function fit() {
    if (table.hidden) return;
    boxed = !printing && !isCards() && table.offsetWidth > holder.clientWidth;
    holder.classList.toggle("scrolls", boxed);
  }

  function heading(column) {
    const cell = role(element("th", RIGHT.has(column.type) ? "num" : ""), "columnheader");
    cell.scope = "col";
    cell.dataset.key = column.key;
    // On paper the head is repeated on each sheet, but what is in a button is not.
    cell.append(printing ? column.title : button(column.title, () => orderBy(column.key)));
    return cell;
  }

  function markOrder() {
    for (const cell of table.querySelectorAll("th[data-key]")) {
      if (sort?.key !== cell.dataset.key) cell.removeAttribute("aria-sort");
      else cell.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
    }
    if (orders) {
      orders.value = sort?.key ?? "";
      part("down").setAttribute("aria-pressed", String(Boolean(sort?.down)));
      part("down").disabled = !sort;
    }
  }

  /** Show what is found from the start of the data: counts, and the rows in sight. */
  function refresh() {
    count.textContent = say(texts.shown, { shown: found.length, total: rows.length });
    table.setAttribute("aria-rowcount", String(found.length + 1));
    for (const line of drawn.values()) line.remove();
    drawn.clear();
    draw();
    markSelection();
  }

  /** Draw the rows in sight. */
  function draw() {
    const empty = !found.length;
    part("empty").hidden = !empty || wrong.childElementCount > 0;
    table.hidden = empty;
    if (empty) {
      space.style.paddingBlock = "0";
      return;
    }
    if (!height) {
      show(0, 1);
      height = body.firstElementChild.getBoundingClientRect().height || 1;
    }
    let [first, last] = [0, Math.min(found.length, PRINTED)];
    if (cut) {
      cut.hidden = !printing || last === found.length;
      cut.textContent = say(cut.dataset.text, { shown: last, total: found.length });
    }
    if (!printing) {
      const passed = boxed ? holder.scrollTop : -holder.getBoundingClientRect().top;
      const above = passed - table.tHead.offsetHeight;
      first = Math.min(Math.floor(above / height) - SPARE, found.length - SPARE);
      last = Math.ceil((above + innerHeight) / height) + SPARE;
      [first, last] = [Math.max(first, 0), Math.min(Math.max(last, SPARE), found.length)];
    }
    show(first, last);
    const [above, below] = printing ? [0, 0] : [first, found.length - last];
    space.style.paddingBlock = `${above * height}px ${below * height}px`;
  }

  /** Let the table have just the rows from one place to another, keeping those that it has. */
  function show(first, last) {
    let hadFocus = false;
    for (const [place, line] of drawn) {
      if (place >= first && place < last) continue;
      hadFocus ||= line.contains(document.activeElement);
      line.remove();
      drawn.delete(place);
    }
    let before = null;
    for (let place = last - 1; place >= first; place -= 1) {
      let line = drawn.get(place);
      if (!line) {
        drawn.set(place, (line = lineOf(place)));
        body.insertBefore(line, before);
      }
      before = line;
    }
    // Whoever works by keyboard goes on from the table, not from the top of the page.
    if (hadFocus) holder.focus({ preventScroll: true });
  }

  /** Return the row of the table for a place in what is found. */
  function lineOf(place) {
    const at = found[place];
    const row = rows[at];
    const line = role(element("tr"), "row");
    line.setAttribute("aria-rowindex", String(place + 2));
    line.dataset.place = place;
    const pick = role(element("td", "pick"), "cell");
    const box = element("input");
    box.type = "checkbox";
    box.checked = selected.has(at);
    box.setAttribute("aria-label", say(texts.select, { name: row.name }));
    pick.append(box);
    if (!printing) line.append(pick);
    if (isCards()) fillCard(line, row);
    else for (const column of shown) line.append(cellOf(row, column));
    return line;
  }

  const addressOf = (row) => row["/page"] ?? `customers/${encodeURIComponent(row.id)}.html`;

  function nameCell(row) {
    const cell = role(element("th"), "rowheader");
    cell.scope = "row";
    const inner = element("div");
    const link = element("a");
    link.href = live.dataset.root + addressOf(row);
    link.append(element("bdi", "", row.name));
    inner.append(link);
    if (row["/broken"]) inner.append(" ", element("span", "st error", texts.error));
    cell.append(inner);
    return cell;
  }

  function cellOf(row, column) {
    const { key, type } = column;
    if (type === "name") {
      const cell = nameCell(row);
      if (row.region) {
        cell.className = "two";
        cell.firstChild.append(" ", element("small", "", row.region));
      }
      return cell;
    }
    const cell = role(element("td", RIGHT.has(type) ? "num" : ""), "cell");
    if (SHORT.has(type)) cell.classList.add("short");
    const inner = element("div");
    if (type === "state") {
      cell.classList.add("states");
      for (const [kind, text] of marksOf(row)) inner.append(element("span", `st ${kind}`, text));
    } else if (type === "step") {
      const step = stepOf(row);
      cell.className = "step2";
      if (step) inner.append(element("span", "", step[0]), element("span", "", step[1]));
    } else {
      inner.textContent = textOf(row, column);
      if (key === "tags" || type === "list") cell.title = inner.textContent;
    }
    cell.append(inner);
    return cell;
  }

  /** Fill a card: name and state on one line, all else on the other, which seldom has room for it:
   * first what the rows are ordered by, then what is next. */
  function fillCard(line, row) {
    const marks = marksOf(row);
    const state = role(element("td", "states"), "cell");
    if (marks.length) state.append(element("span", `st ${marks[0][0]}`, marks[0][1]));
    const isRest = ({ type }) => !["name", "state", "step"].includes(type);
    const first = sort ? columns.get(sort.key) : shown.find(({ key }) => key === "stage");
    const leads = first && isRest(first);
    const rest = shown.filter((column) => isRest(column) && column !== first);
    const parts = [
      leads && labelled(row, first),
      ...marks.slice(1).map(([, text]) => text),
      ...shown.filter(({ type }) => type === "step").map((column) => textOf(row, column)),
      ...rest.map((column) => labelled(row, column)),
    ];
    const summary = role(element("td", "sum"), "cell");
    summary.textContent = parts.filter(Boolean).join(" · ");
    line.append(nameCell(row), state, summary);
  }

  /** Return a cell's text with its column's title, where it does not say by itself what it is. */
  function labelled(row, column) {
    const text = textOf(row, column);
    const isPlain = ["word", "text", "list", "money"].includes(column.type);
    return text && !isPlain ? `${column.title} ${text}` : text;
  }

  let frame = 0;

  function drawSoon() {
    if (!frame) {
      frame = requestAnimationFrame(() => {
        frame = 0;
        draw();
      });
    }
  }

  function rebuild() {
    buildTable();
    refresh();
  }

  function orderBy(key) {
    const { type } = columns.get(key);
    const falls = RIGHT.has(type); // Of numbers, the largest are asked for first.
    if (sort?.key !== key) sort = { key, down: falls };
    else sort = sort.down === falls ? { key, down: !falls } : null;
    reorder();
  }

  function reorder() {
    order = ordered(sort);
    const kept = new Set(found);
    found = order.filter((at) => kept.has(at));
    anchor = null;
    markOrder();
    refresh();
    keepAddress();
  }

  // --- Selection -------------------------------------------------------------------------------

  function markSelection() {
    if (printing) return;
    for (const [place, line] of drawn) {
      const isPicked = selected.has(found[place]);
      line.querySelector("input").checked = isPicked;
      line.classList.toggle("picked", isPicked);
    }
    const all = table.querySelector("[data-all]");
    const among = found.reduce((sum, at) => sum + selected.has(at), 0);
    all.checked = among > 0 && among === found.length;
    all.indeterminate = among > 0 && among < found.length;
    picked.textContent = selected.size ? say(texts.selected, { count: selected.size }) : "";
    clear.hidden = !selected.size;
    save.disabled = !selected.size && !found.length;
  }

  function pick(place, on, isRange) {
    const from = isRange && anchor !== null ? anchor : place;
    for (let at = Math.min(from, place); at <= Math.max(from, place); at += 1) {
      if (on) selected.add(found[at]);
      else selected.delete(found[at]);
    }
    anchor = place;
    showSelection();
  }

  /** Show what is picked. On a phone that takes a line above the rows, which stay where they are. */
  function showSelection() {
    const above = holder.getBoundingClientRect().top;
    markSelection();
    scrollBy({ top: holder.getBoundingClientRect().top - above, behavior: "instant" });
  }

  // --- CSV -------------------------------------------------------------------------------------

  /** Return the columns of the file for a column of the table: [title, text of a row, is a number]. */
  function exported({ key, title, type }) {
    const plain = (name) => (row) => row[name] ?? "";
    if (type === "name") return [["ID", plain("id")], [title, plain("name")]];
    if (type === "money") {
      return [
        [title, (row) => moneyOf(row, key)?.amount ?? "", true],
        [`${title} · ${texts.currency}`, (row) => moneyOf(row, key)?.currency ?? ""],
      ];
    }
    if (type === "step") {
      return ["next_date", "next_time", "next_method", "next_text"].map((name) => [
        texts[name],
        plain(name),
      ]);
    }
    if (type === "state") {
      const words = new Map(asked.get("next_state").words.map(([id, label]) => [id, label]));
      return [
        [texts.next_state, (row) => words.get(ask(row, "next_state")) ?? ""],
        [texts.days_overdue, (row) => String(ask(row, "days_overdue")), true],
      ];
    }
    if (type === "number") return [[title, (row) => String(ask(row, key) ?? ""), true]];
    if (type === "bool") return [[title, (row) => textOf(row, { key, type })]];
    return [[title, (row) => (Array.isArray(row[key]) ? row[key].join("; ") : (row[key] ?? ""))]];
  }

  // As in tracker/exchange/spreadsheet_text.py, which takes the apostrophe away again.
  const FORMULA = /^['\s\x00-\x1f\x7f\x85\u200b\ufeff]*[-=+@\t\r\n＝＋－＠]/;

  /** Return a text as a cell that no spreadsheet takes for a formula. */
  function csvCell(text, isNumber = false) {
    const safe = !isNumber && FORMULA.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  }

  function csv() {
    const wanted = selected.size ? order.filter((at) => selected.has(at)) : found;
    const parts = shown.flatMap(exported);
    const lines = [parts.map(([title]) => csvCell(title)).join(",")];
    for (const at of wanted) {
      lines.push(parts.map(([, read, isNumber]) => csvCell(read(rows[at]), isNumber)).join(","));
    }
    return `\ufeff${lines.join("\r\n")}\r\n`;
  }

  function download() {
    const address = URL.createObjectURL(new Blob([csv()], { type: "text/csv;charset=utf-8" }));
    const link = element("a");
    link.href = address;
    link.download = `${texts.file}-${today}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  // --- Keyboard --------------------------------------------------------------------------------

  const MOVES = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };

  /** Move the focus from row to row. */
  function move(event) {
    const line = event.target.closest("tr[data-place]");
    if (!line || !(event.key in MOVES) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const wanted = Number(line.dataset.place) + MOVES[event.key];
    const place = Math.min(Math.max(wanted, 0), found.length - 1);
    const kind = event.target.tagName;
    if (!drawn.has(place)) {
      const [box, inside] = boxed
        ? [holder, place * height]
        : [document.scrollingElement, holder.getBoundingClientRect().top + scrollY + place * height];
      box.scrollTo({ top: inside - box.clientHeight / 2, behavior: "instant" });
      draw();
    }
    const target = drawn.get(place).querySelector(kind);
    target.focus({ preventScroll: true });
    drawn.get(place).scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  // --- Tools -----------------------------------------------------------------------------------

  function buildPicker() {
    const list = part("choices");
    list.replaceChildren(
      ...head.columns.map((column) => {
        const label = element("label");
        const box = element("input");
        box.type = "checkbox";
        box.value = column.key;
        box.disabled = column.key === "name";
        label.append(box, element("span", "", column.title));
        return label;
      }),
    );
    const tick = () => {
      for (const box of list.querySelectorAll("input")) {
        box.checked = shown.includes(columns.get(box.value));
      }
    };
    tick();
    roomy.addEventListener("change", () => {
      shown = shownColumns();
      tick();
      rebuild();
    });
    list.addEventListener("change", () => {
      const keys = [...list.querySelectorAll("input:checked")].map((box) => box.value);
      shown = head.columns.filter(({ key }) => keys.includes(key));
      keepColumns(keys);
      rebuild();
    });
    part("usual").addEventListener("click", () => {
      keepColumns(null);
      shown = usualColumns();
      tick();
      rebuild();
    });
  }

  function buildOrders() {
    orders.append(
      ...head.columns.map(({ key, title }) => {
        const option = element("option", "", title);
        option.value = key;
        return option;
      }),
    );
    orders.addEventListener("change", () => {
      const key = orders.value;
      sort = key ? { key, down: RIGHT.has(columns.get(key).type) } : null;
      reorder();
    });
    part("down").addEventListener("click", () => {
      sort = { ...sort, down: !sort.down };
      reorder();
    });
  }

  /** Fold the rows' texts while nobody waits, so that the first word typed is quick too. */
  function warm(from = 0) {
    const query = TrackerQuery.compile('"·"', head.query);
    const work = () => {
      for (const row of rows.slice(from, from + 250)) query.matches(row, today);
      if (from < rows.length) warm(from + 250);
    };
    // A busy machine has no idle time, so it is not waited for long.
    if (globalThis.requestIdleCallback) requestIdleCallback(work, { timeout: 50 });
    else setTimeout(work, 20);
  }

  function start() {
    buildPicker();
    buildOrders();
    readAddress();
    fixed.hidden = true;
    live.classList.add("ready");
    buildTable();
    apply();
    holder.scrollTo({ ...history.state?.trackerTable, behavior: "instant" });
    input.addEventListener("input", (event) => {
      if (!event.isComposing) applyTyped();
    });
    input.addEventListener("compositionend", applyTyped);
    input.addEventListener("change", () => {
      // Not drawn anew without need: the click that ends the typing may be on a row.
      if (input.value !== applied) apply();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && input.value && !event.isComposing) {
        event.preventDefault();
        clearFilter();
      }
    });
    part("anew")?.addEventListener("click", () => {
      clearFilter();
      input.focus();
    });
    live.addEventListener("click", (event) => {
      const chip = event.target.closest("[data-value]");
      if (chip) {
        const column = asked.get(chip.dataset.column);
        input.value = toggled(input.value, column, chip.dataset.key, chip.dataset.value);
        apply();
      }
      const line = event.target.closest("tr[data-place]");
      if (line && event.target.matches("input")) {
        pick(Number(line.dataset.place), event.target.checked, event.shiftKey);
      }
      if (event.target.matches("[data-all]")) {
        for (const at of found) {
          if (event.target.checked) selected.add(at);
          else selected.delete(at);
        }
        showSelection();
      }
    });
    holder.addEventListener("keydown", move);
    save.addEventListener("click", download);
    clear.addEventListener("click", () => {
      selected.clear();
      markSelection();
      save.focus();
    });
    addEventListener("scroll", drawSoon, { passive: true });
    holder.addEventListener("scroll", drawSoon, { passive: true });
    holder.addEventListener("scroll", keepPlace, { passive: true });
    // A click may lead on before the address and the place are written.
    addEventListener("click", () => { writeAddress(); writePlace(); }, true); // prettier-ignore
    addEventListener("resize", () => {
      height = 0;
      fit();
      refresh();
    });
    small.addEventListener("change", rebuild);
    const again = () => {
      readAddress();
      markOrder();
      apply();
    };
    addEventListener("popstate", again);
    addEventListener("hashchange", () => {
      if (/^#(?:q|sort)=/.test(location.hash)) again();
    });
    addEventListener("pagehide", writeAddress);
    addEventListener("beforeprint", () => {
      printing = true;
      rebuild();
    });
    addEventListener("afterprint", () => {
      printing = false;
      rebuild();
    });
    document.addEventListener("tracker:day", () => {
      today = day();
      ranks.clear();
      order = ordered(sort);
      apply();
    });
    // A customer's page leads on within the list that it was opened from.
    holder.addEventListener("tracker-list", (event) => {
      writeAddress();
      event.detail.items = found.map((at) => [addressOf(rows[at]), rows[at].name]);
    });
    performance.mark("tracker-table");
    warm();
  }

  start();
})();
