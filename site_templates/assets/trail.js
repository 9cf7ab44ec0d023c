/* Remembers the list that a customer is opened from, so that the customer's page leads on to the
 * next one of that list. Without it, the page leads through the list of the customer's stage.
 */
(function () {
  "use strict";

  const KEY = "tracker-list";
  const REACH = 200; // Customers remembered on either side of the one that is opened.
  const CUSTOMER = /^customers\/(?!(?:index|page-[0-9]+)\.html$)[^/]+\.html$/;
  const root = new URL("..", document.currentScript.src).href;

  /** Return a customer's address from the root of the site; null for any other page. */
  function customerAt(href) {
    // Where a passphrase opens the site, links lead through the page that asks for it.
    const url = new URL(globalThis.TrackerPlace?.pageOf(href) ?? href, location.href);
    url.search = url.hash = "";
    if (!url.href.startsWith(root)) return null;
    const path = decoded(url.href.slice(root.length));
    return CUSTOMER.test(path) ? path : null;
  }

  function decoded(path) {
    try {
      return decodeURIComponent(path);
    } catch {
      return path;
    }
  }

  // --- On a list ---------------------------------------------------------------------------------

  /** Return the customers around a link as pairs of address and name. */
  function itemsAround(link) {
    const asked = new CustomEvent("tracker-list", { bubbles: true, detail: { items: null } });
    link.dispatchEvent(asked);
    if (asked.detail.items) return asked.detail.items.map(([href, name]) => [decoded(href), name]);
    const items = new Map();
    const list = link.closest("table, ol, ul") ?? document.getElementById("main");
    for (const each of list.querySelectorAll("a[href]")) {
      // Rows that are there for another day have no place on the screen.
      const path = each.getClientRects().length ? customerAt(each.href) : null;
      if (path && !items.has(path)) items.set(path, each.textContent.trim());
    }
    return [...items];
  }

  /** Return what the list around a link is called: its heading, or that of the page. */
  function titleAround(link) {
    const heading = link.closest("section")?.querySelector("h2, h3") ?? document.querySelector("h1");
    const copy = heading.cloneNode(true);
    for (const extra of copy.querySelectorAll("small, .count, .st")) extra.remove();
    return copy.textContent.trim();
  }

  function remember(event) {
    const link = event.target.closest("main a[href]");
    const path = link && customerAt(link.href);
    if (!path) return;
    const items = itemsAround(link);
    const place = items.findIndex(([each]) => each === path);
    const first = Math.max(place - REACH, 0);
    const list = {
      title: titleAround(link),
      href: location.href,
      first,
      total: items.length,
      items: items.slice(first, place + REACH + 1),
    };
    try {
      sessionStorage.setItem(KEY, JSON.stringify(list));
    } catch {
      // Without storage the customer's page shows the list of its stage.
    }
  }

  // --- On a customer's page ----------------------------------------------------------------------

  /** Return the list that was remembered; null where there is none, or it is somebody else's. */
  function remembered() {
    try {
      const list = JSON.parse(sessionStorage.getItem(KEY));
      const isOurs = list.items.every(([path, name]) => CUSTOMER.test(path) && name !== undefined);
      return isOurs && list.href.startsWith(root) ? list : null;
    } catch {
      return null;
    }
  }

  function lead(along) {
    const list = remembered();
    const here = customerAt(location.href);
    const at = list ? list.items.findIndex(([path]) => path === here) : -1;
    if (at < 0 || list.total < 2) return;
    const [origin, place] = ["list", "place"].map((name) =>
      along.querySelector(`[data-part="${name}"]`),
    );
    origin.textContent = list.title;
    origin.href = list.href;
    const numbers = new Intl.NumberFormat(document.documentElement.lang);
    const [number, total] = [list.first + at + 1, list.total].map((each) => numbers.format(each));
    place.textContent = `${number} / ${total}`;
    const holders = along.querySelectorAll("li");
    ["prev", "next"].forEach((rel, side) => {
      const item = list.items[side ? at + 1 : at - 1];
      holders[side].replaceChildren(...(item ? [leading(rel, item)] : []));
    });
    along.hidden = false;
  }

  function leading(rel, [path, name]) {
    const link = document.createElement("a");
    link.rel = rel;
    link.href = root + path.split("/").map(encodeURIComponent).join("/");
    const text = document.createElement("bdi");
    text.textContent = name;
    link.append(text);
    return link;
  }

  const along = document.getElementById("along");
  if (along) lead(along);
  else document.addEventListener("click", remember, true);
})();
