/* The board: filter by owner and level, the order of the reader's day, arrow keys between cards.
 *
 * A column has at most `data-limit` cards in sight and perhaps more behind them; what it counts and
 * sums up comes from `data-parts` (tracker/site/board.py), so it holds for all its customers. The
 * filter stands in the page's address: board.html?owner=Li&level=A; an empty one asks for those
 * without. Who comes back from a card's customer finds the columns where they were left.
 */
(function () {
  "use strict";

  const { TrackerToday } = globalThis;
  const board = document.getElementById("board");
  if (!board || !TrackerToday) return;

  const { lang } = document.documentElement;
  const numbers = new Intl.NumberFormat(lang);
  const moneyNumbers = new Intl.NumberFormat(lang, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 3,
    trailingZeroDisplay: "stripIfInteger",
  });
  const count = document.getElementById("board-count");
  const clear = document.getElementById("board-clear");
  const choices = ["owner", "level"].map((name) => ({
    name,
    select: document.getElementById(`board-${name}`),
  }));
  const prefixes = new Map(
    board.dataset.prefixes
      .split(";")
      .filter(Boolean)
      .map((pair) => pair.split("=")),
  );

  // --- Columns ---------------------------------------------------------------------------------

  const columns = [...board.querySelectorAll(".column")].map((element) => {
    const part = (selector) => element.querySelector(selector);
    const more = part(".more a");
    return {
      element,
      list: part(".cards"),
      count: part(".count"),
      sum: part(".sum"),
      sumOfAll: part(".sum").innerHTML,
      empty: part(".empty"),
      more,
      stage: more.getAttribute("href"),
      limit: Number(element.dataset.limit),
      parts: partsOf(element.dataset.parts),
      places: new Map(),
    };
  });

  /** Read "0 1 3 CNY 480000": owner, level, customers, and amounts by currency. */
  function partsOf(text) {
    return text
      .split(";")
      .filter(Boolean)
      .map((part) => {
        const [owner, level, number, ...amounts] = part.split(" ");
        const sums = [];
        for (let at = 0; at < amounts.length; at += 2) {
          sums.push([amounts[at], Number(amounts[at + 1])]);
        }
        return { at: [owner, level], number: Number(number), sums };
      });
  }

  /** Put on top what is due on the reader's day, the longest due first; the rest keeps its order. */
  function sort(column) {
    const { places, list } = column;
    const cards = [...list.children].filter((card) => card.localName === "li");
    for (const card of cards) if (!places.has(card)) places.set(card, places.size);
    const isDue = ({ dataset }) => dataset.day && dataset.day <= TrackerToday.day;
    const due = cards.filter(isDue).sort((left, right) => {
      const days = Date.parse(left.dataset.day) - Date.parse(right.dataset.day);
      return days || places.get(left) - places.get(right);
    });
    const others = cards.filter((card) => !isDue(card));
    others.sort((left, right) => places.get(left) - places.get(right));
    list.append(...due, ...others);
  }

  // --- Filter ----------------------------------------------------------------------------------

  const wanted = () => choices.map(({ select }) => select.value);
  const fits = (at, asked) => asked.every((place, number) => !place || place === at[number]);

  function show() {
    const asked = wanted();
    const isAll = !asked.some(Boolean);
    let total = 0;
    for (const column of columns) {
      let shown = 0;
      for (const card of column.list.querySelectorAll("li")) {
        const fit = fits(card.dataset.at.split(" "), asked);
        card.hidden = !fit || (isAll && shown >= column.limit);
        if (!card.hidden) shown += 1;
      }
      total += showTotals(column, asked, isAll, shown);
    }
    count.textContent = TrackerToday.say("customers", total, "", numbers.format(total));
    clear.hidden = isAll;
  }

  /** Show what a column comes to, and lead to all its customers; return their number. */
  function showTotals(column, asked, isAll, shown) {
    const parts = column.parts.filter((part) => fits(part.at, asked));
    const number = parts.reduce((sum, part) => sum + part.number, 0);
    column.count.textContent = numbers.format(number);
    column.sum.innerHTML = column.sumOfAll;
    if (!isAll) showSums(column.sum, parts);
    column.empty.hidden = number > 0;
    column.more.textContent = TrackerToday.say("all", number, "", numbers.format(number));
    column.more.parentElement.hidden = number <= shown;
    column.more.setAttribute("href", isAll ? column.stage : tableAddress(column));
    return number;
  }

  function showSums(element, parts) {
    const amounts = [...prefixes].map(([code, prefix]) => {
      const found = parts.flatMap((part) => part.sums).filter(([currency]) => currency === code);
      if (!found.length) return null;
      const amount = document.createElement("span");
      amount.className = "amount";
      amount.textContent = prefix + moneyNumbers.format(found.reduce((sum, [, each]) => sum + each, 0));
      return amount;
    });
    element.replaceChildren(...amounts.filter(Boolean).flatMap((amount) => [amount, " "]));
  }

  /** Return the address of the table of customers with what the filter asks for. */
  function tableAddress(column) {
    const terms = [
      column.element.dataset.term,
      ...choices.map(({ select }) => select.selectedOptions[0].dataset.term),
    ];
    const query = terms.filter(Boolean).join(" ");
    return `${board.dataset.customers}?${new URLSearchParams({ q: query })}`;
  }

  // --- Address ---------------------------------------------------------------------------------

  function readAddress() {
    const asked = new URLSearchParams(location.search);
    for (const { name, select } of choices) {
      const label = asked.get(name);
      const option = [...select.options].find((each) => each.dataset.label === label);
      select.value = label === null || !option ? "" : option.value;
    }
  }

  function writeAddress() {
    const asked = new URLSearchParams();
    for (const { name, select } of choices) {
      if (select.value) asked.set(name, select.selectedOptions[0].dataset.label);
    }
    const search = asked.size ? `?${asked}` : "";
    history.replaceState(history.state, "", `${location.pathname}${search}${location.hash}`);
  }

  // --- Place -----------------------------------------------------------------------------------

  let keeping = 0;

  /** Remember how far the columns are scrolled: browsers know it of pages alone. */
  function keepPlace() {
    const { scrollLeft: left, scrollTop: top } = board;
    try {
      history.replaceState({ ...history.state, trackerBoard: { left, top } }, "");
    } catch {
      // Browsers refuse too many changes in a short time.
    }
  }

  board.addEventListener("scroll", () => {
    clearTimeout(keeping);
    keeping = setTimeout(keepPlace, 200);
  }, { passive: true }); // prettier-ignore
  addEventListener("click", keepPlace, true); // A click may lead on sooner.

  // --- Keyboard --------------------------------------------------------------------------------

  const inSight = (column) => [...column.list.children].filter((card) => !card.hidden && card.offsetParent);

  /** Go from a card to the one beside it, as the arrow says. */
  function move(event) {
    const card = event.target.closest?.(".card");
    if (!card || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const rows = columns.map(inSight).filter((cards) => cards.length);
    const at = rows.findIndex((cards) => cards.includes(card));
    const place = rows[at].indexOf(card);
    const beside = (cards) => cards && cards[Math.min(place, cards.length - 1)];
    const next = {
      ArrowDown: () => rows[at][place + 1],
      ArrowUp: () => rows[at][place - 1],
      ArrowRight: () => beside(rows[at + 1]),
      ArrowLeft: () => beside(rows[at - 1]),
      Home: () => rows[at][0],
      End: () => rows[at].at(-1),
    }[event.key]?.();
    if (next === undefined) return;
    event.preventDefault();
    next.querySelector("a").focus();
  }

  function turn() {
    columns.forEach(sort);
    show();
  }

  for (const { select } of choices) {
    select.addEventListener("change", () => {
      writeAddress();
      show();
    });
  }
  clear.addEventListener("click", () => {
    for (const { select } of choices) select.value = "";
    writeAddress();
    show();
    choices[0].select.focus();
  });
  board.addEventListener("keydown", move);
  document.addEventListener("tracker:day", turn);
  addEventListener("pageshow", () => {
    readAddress();
    show();
  });
  document.getElementById("board-choose").hidden = false;
  readAddress();
  turn();
  board.scrollTo({ ...history.state?.trackerBoard, behavior: "instant" });
})();
