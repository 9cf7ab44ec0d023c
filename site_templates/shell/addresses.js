/* Addresses of an encrypted site: a page's stands behind the shell's own, as in
 * index.html#/customers/acme.html?q=…#anchor.
 *
 * The pages' scripts are those of the plain site and know nothing of this. They see a `location` and
 * a `history` of their page's address, and the addresses of links that they make are turned into
 * what the browser can follow.
 *
 *   TrackerPlace.location, .history  what the pages' scripts see instead of the browser's own
 *   TrackerPlace.pageOf(address)     the page that a turned link leads to
 *
 * and for shell/pages.js what it takes to know and to turn addresses.
 */
(function () {
  "use strict";

  const ROOT = new URL(".", document.baseURI).href;

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  // --- Addresses ---------------------------------------------------------------------------------

  /** Return the address that stands in the shell's, as that of a page of the plain site. */
  function here() {
    const behind = location.hash.replace(/^#\//, "");
    const url = new URL(ROOT + behind);
    return url.href.startsWith(ROOT) ? url : new URL(ROOT);
  }

  /** Return the path in the plain site of an address below the root. */
  function pathOf({ href }) {
    const path = decoded(href.slice(ROOT.length).replace(/[?#].*$/s, ""));
    return !path || path.endsWith("/") ? `${path}index.html` : path;
  }

  /** Return a page's own way to write an address as one that leads there; others stay as they are. */
  function leading(address) {
    if (address.startsWith("#/")) return address;
    let url;
    try {
      url = new URL(address, here());
    } catch {
      return address;
    }
    if (!url.href.startsWith(ROOT)) return address;
    // An address that was turned already, and read from a link.
    if (url.hash.startsWith("#/")) return url.hash;
    return `#/${url.href.slice(ROOT.length)}`;
  }

  // --- What the pages' scripts see ---------------------------------------------------------------

  let shown = here();

  /** Take note that the page of the address is the one that is shown; return what has changed since
   * the last call: "page", where it is another one, "place", where it is another place in it, or
   * nothing.
   */
  function arrive() {
    const before = shown;
    shown = here();
    if (shown.href === before.href) return "";
    const isSame = pathOf(shown) === pathOf(before) && shown.search === before.search;
    return isSame ? "place" : "page";
  }

  const pageLocation = {
    assign: (address) => location.assign(leading(String(address))),
    replace: (address) => location.replace(leading(String(address))),
    reload: () => location.reload(),
    toString: () => here().href,
  };
  const PARTS = "hash host hostname href origin pathname port protocol search".split(" ");
  for (const part of PARTS) {
    Object.defineProperty(pageLocation, part, {
      get: () => here()[part],
      set: (value) => {
        const url = here();
        url[part] = value;
        pageLocation.assign(part === "href" ? value : url.href);
      },
    });
  }

  const pageHistory = {
    get length() {
      return history.length;
    },
    get state() {
      return history.state;
    },
    back: () => history.back(),
    forward: () => history.forward(),
    go: (steps) => history.go(steps),
    pushState: (state, unused, address) => note("pushState", state, address),
    replaceState: (state, unused, address) => note("replaceState", state, address),
  };

  function note(how, state, address) {
    history[how](state, "", address === undefined ? undefined : leading(String(address)));
    arrive();
  }

  /** Return the page that a turned link leads to, as an address of the plain site. */
  function pageOf(address) {
    const { href, hash } = new URL(address, document.baseURI);
    return href.startsWith(ROOT) && hash.startsWith("#/") ? ROOT + hash.slice(2) : address;
  }

  // --- Links -------------------------------------------------------------------------------------

  /** Let the links in a part of a page lead where they say, those of later rows too. */
  function turnLinks(part) {
    for (const link of part.querySelectorAll("a[href], area[href]")) turnLink(link);
    for (const { content } of part.querySelectorAll("template")) turnLinks(content);
  }

  function turnLink(link) {
    const written = link.getAttribute("href");
    const address = leading(written);
    if (address !== written) link.setAttribute("href", address);
  }

  function watchLinks() {
    new MutationObserver((changes) => {
      for (const { target, addedNodes, attributeName } of changes) {
        if (attributeName && target.matches("a, area")) turnLink(target);
        for (const node of addedNodes) {
          if (!(node instanceof Element)) continue;
          if (node.matches("a[href], area[href]")) turnLink(node);
          turnLinks(node);
        }
      }
    }).observe(document, { subtree: true, childList: true, attributeFilter: ["href"] });
    // At once where scripts set it: some read it again before anything can be observed.
    const { href } = Object.getOwnPropertyDescriptors(HTMLAnchorElement.prototype);
    Object.defineProperty(HTMLAnchorElement.prototype, "href", {
      ...href,
      set(address) {
        href.set.call(this, leading(String(address)));
      },
    });
  }

  globalThis.TrackerPlace = Object.freeze({
    location: pageLocation,
    history: pageHistory,
    pageOf,
    ROOT,
    here,
    pathOf,
    decoded,
    arrive,
    isShown: () => here().href === shown.href,
    turnLinks,
    watchLinks,
  });
})();
