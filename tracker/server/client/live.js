/* Reloads a page when the server says that it has changed, and leaves its reader where they were:
 * the scroll position, that of the parts that scroll by themselves, what was opened, and the focus.
 * It also shows, over the page, what is wrong with the records, the settings or the templates.
 *
 * Only `tracker serve` adds this script to pages; a built site does not have it.
 */
(function () {
  "use strict";

  const { page, seen } = document.currentScript.dataset;
  const PLACE = "tracker-live-place";
  const CLOSED = "tracker-live-closed";
  const PATIENCE = 3000; // Milliseconds in which a page that grows by its scripts finds its place.

  function stored(key) {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function store(key, value) {
    try {
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Without storage a page begins at its top, and closed problems come back.
    }
  }

  // --- Where the reader is -------------------------------------------------------------------------

  /** Return how an element is found again: by the nearest id, then by its place among its like. */
  function pathTo(element) {
    const steps = [];
    for (let each = element; each && each !== document.documentElement; each = each.parentElement) {
      if (each.id) return [`#${CSS.escape(each.id)}`, ...steps].join(" > ");
      const alike = [...(each.parentElement?.children ?? [])].filter(
        (other) => other.localName === each.localName,
      );
      steps.unshift(`${CSS.escape(each.localName)}:nth-of-type(${alike.indexOf(each) + 1})`);
    }
    return ["html", ...steps].join(" > ");
  }

  function selectionIn(element) {
    try {
      return [element.selectionStart, element.selectionEnd];
    } catch {
      return null; // An input that has none, such as a checkbox in some browsers.
    }
  }

  function savePlace() {
    const focused = document.activeElement;
    const scrolled = [...document.querySelectorAll("body *")].filter(
      (each) => each.scrollTop || each.scrollLeft,
    );
    store(PLACE, {
      href: location.href,
      at: [scrollX, scrollY],
      parts: scrolled.map((each) => [pathTo(each), each.scrollLeft, each.scrollTop]),
      opened: [...document.querySelectorAll("details")].map((each) => [pathTo(each), each.open]),
      focus: focused && focused !== document.body ? pathTo(focused) : null,
      selection: focused ? selectionIn(focused) : null,
    });
  }

  function restorePlace() {
    const place = stored(PLACE);
    if (!place || place.href !== location.href) return;
    store(PLACE, null);
    const find = (path) => document.querySelector(path);
    for (const [path, open] of place.opened) {
      const element = find(path);
      if (element) element.open = open;
    }
    let moved = false;
    const stop = () => {
      moved = true;
    };
    const moves = ["wheel", "touchstart", "pointerdown", "keydown"];
    for (const each of moves) addEventListener(each, stop, { once: true, passive: true });
    const until = performance.now() + PATIENCE;
    let loaded = document.readyState === "complete";
    addEventListener("load", () => (loaded = true), { once: true });
    let still = 0;

    function move() {
      if (moved) return finish();
      for (const [path, x, y] of place.parts) find(path)?.scrollTo({ left: x, top: y, behavior: "instant" });
      const [left, top] = place.at;
      const there = Math.abs(scrollX - left) < 1 && Math.abs(scrollY - top) < 1;
      still = there && loaded ? still + 1 : 0;
      if (!there) scrollTo({ left, top, behavior: "instant" });
      focus();
      if (still > 9 || performance.now() > until) return finish();
      requestAnimationFrame(move);
    }

    function focus() {
      const element = place.focus && find(place.focus);
      if (!element || document.activeElement === element) return;
      element.focus({ preventScroll: true });
      if (place.selection && element.setSelectionRange) {
        try {
          element.setSelectionRange(...place.selection);
        } catch {
          // Its kind of input has no selection.
        }
      }
    }

    function finish() {
      for (const each of moves) removeEventListener(each, stop);
      history.scrollRestoration = "auto";
    }

    move();
  }

  // --- Reloading -----------------------------------------------------------------------------------

  let composing = false;
  let waiting = false;
  addEventListener("compositionstart", () => (composing = true), true);
  addEventListener(
    "compositionend",
    () => {
      composing = false;
      if (waiting) reload();
    },
    true,
  );
  addEventListener("close", () => waiting && reload(), true);

  function reload() {
    // Whoever is in the middle of a search or of a word ends that first.
    waiting = composing || document.querySelector("dialog[open]") !== null;
    if (waiting) return;
    savePlace();
    history.scrollRestoration = "manual";
    location.reload();
  }

  let source = null;

  /** Listen to the server while the page is looked at: a browser has few connections to a host. */
  function listen() {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (!source) {
      const query = new URLSearchParams({ page, seen });
      source = new EventSource(`/_tracker/events?${query}`);
      source.addEventListener("reload", reload);
      source.addEventListener("problems", (event) => show(JSON.parse(event.data)));
    }
  }

  // --- Problems ------------------------------------------------------------------------------------

  let host = null;

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function show(problems) {
    const items = problems.items ?? [];
    const closed = new Set(stored(CLOSED) ?? []);
    const names = items.map((item) => `${item.place} ${item.text}`);
    if (!items.length) store(CLOSED, null);
    if (names.every((name) => closed.has(name))) {
      host?.remove();
      host = null;
      return;
    }
    const close = element("button", { type: "button", textContent: "×" });
    close.setAttribute("aria-label", problems.close);
    close.title = problems.close;
    const shut = () => {
      store(CLOSED, names);
      host.remove();
      host = null;
    };
    close.addEventListener("click", shut);
    const box = element(
      "section",
      { tabIndex: -1 },
      element("header", {}, element("h2", { textContent: problems.title }), close),
      element("ul", {}, ...items.map(itemOf)),
    );
    box.setAttribute("aria-label", problems.title);
    if (problems.more) box.append(element("p", { className: "more", textContent: problems.more }));
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") shut();
    });
    if (!host) {
      host = element("div", { id: "tracker-problems", hidden: true });
      host.setAttribute("role", "alert");
      const style = element("link", { rel: "stylesheet", href: "/_tracker/live.css" });
      style.addEventListener("load", () => host && (host.hidden = false));
      host.attachShadow({ mode: "open" }).append(style);
      document.body.append(host);
    }
    const root = host.shadowRoot;
    root.querySelector("section")?.remove();
    root.append(box);
  }

  function itemOf(item) {
    const place = element(item.edit ? "a" : "code", { textContent: item.place, className: "place" });
    if (item.edit) place.href = item.edit;
    const line = element("p", {}, element("b", { className: item.kind, textContent: item.label }));
    if (item.place) line.append(" ", place);
    const made = element("li", {}, line, element("p", { textContent: item.text }));
    if (item.hint) made.append(element("p", { className: "hint", textContent: item.hint }));
    return made;
  }

  restorePlace();
  document.addEventListener("visibilitychange", listen);
  // A page that the browser kept while another one was looked at may be old.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  addEventListener("pagehide", () => source?.close());
  listen();
})();
