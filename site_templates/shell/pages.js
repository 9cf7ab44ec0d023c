/* Shows the pages of an encrypted site in place of the one that asked for the passphrase.
 *
 * A page's address stands behind the shell's own: index.html#/customers/acme.html?q=…#anchor. Every
 * page starts with the shell anew, as a page of the plain site starts with itself: scripts are
 * written for that, and nothing of one page is left in the next.
 *
 * The pages' scripts are those of the plain site and know nothing of this. They see a `location` and
 * a `history` of their page's address; the addresses of links and of scripts that they make are
 * turned into what the browser can follow and load.
 *
 *   TrackerPages.place          the path of the page that is asked for, such as "index.html"
 *   TrackerPages.show(vault, …) shows it; refuses as the vault does
 *   TrackerPages.save(vault, …) downloads a file
 */
(function () {
  "use strict";

  const ROOT = new URL(".", document.baseURI).href;
  // A page of somebody's among the attachments is a file: nothing in it may run.
  const PAGE = /^(?!attachments\/).*\.html$/s;
  const PICTURE = /url\(\s*["']?([^"')]+?)["']?\s*\)/; // In a style sheet, and its address.
  const TYPES = {
    css: "text/css", gif: "image/gif", ics: "text/calendar", jpeg: "image/jpeg", jpg: "image/jpeg",
    js: "text/javascript", json: "application/json", pdf: "application/pdf", png: "image/png",
    svg: "image/svg+xml", vcf: "text/vcard", webp: "image/webp", xml: "application/xml",
  }; // prettier-ignore

  const textOf = (bytes) => new TextDecoder().decode(bytes);

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
  history.scrollRestoration = "manual"; // The browser's own knows only the shell's pages.

  const pageLocation = {
    assign: (address) => location.assign(leading(String(address))),
    replace: (address) => location.replace(leading(String(address))),
    reload: () => location.reload(),
    toString: () => here().href,
  };
  for (const part of ["hash", "host", "hostname", "href", "origin", "pathname", "port", "protocol", "search"]) {
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
    shown = here();
  }

  /** Return the page that a turned link leads to, as an address of the plain site. */
  function pageOf(address) {
    const { href, hash } = new URL(address, document.baseURI);
    return href.startsWith(ROOT) && hash.startsWith("#/") ? ROOT + hash.slice(2) : address;
  }

  globalThis.TrackerPlace = Object.freeze({
    location: pageLocation,
    history: pageHistory,
    pageOf,
  });

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

  // --- Moving about ------------------------------------------------------------------------------

  function goTo(hash) {
    for (const before of document.querySelectorAll("[data-targeted]")) {
      before.removeAttribute("data-targeted");
    }
    const target = document.getElementById(decoded(hash.slice(1)));
    if (!target) {
      if (!hash || hash === "#top") scrollTo(0, 0);
      return;
    }
    target.setAttribute("data-targeted", "");
    for (let box = target; box; box = box.parentElement?.closest("details")) {
      if (box.localName === "details") box.open = true;
    }
    target.scrollIntoView();
    target.focus({ preventScroll: true });
  }

  let leaving = false;

  /** Follow the address: within the page where it is still the same, else to the page. */
  function follow(event) {
    const now = here();
    const isSame = pathOf(now) === pathOf(shown) && now.search === shown.search;
    shown = now;
    if (leaving || !isSame) {
      // The page's scripts have no more to do with it.
      event.stopImmediatePropagation();
      if (!leaving) location.reload();
      leaving = true;
    } else if (event.type === "hashchange") {
      goTo(now.hash);
    }
  }

  /** Scroll to where the page was left, or to what the address asks for. */
  function settle() {
    const place = history.state?.trackerScroll;
    if (place === undefined) goTo(here().hash);
    else scrollTo(0, place);
  }

  function keepPlace() {
    if (here().href !== shown.href) return; // On the way to another page already.
    try {
      history.replaceState({ ...history.state, trackerScroll: scrollY }, "");
    } catch {
      // Browsers refuse too many changes in a short time.
    }
  }

  function onClick(vault, refuse, event) {
    keepPlace();
    const link = event.target.closest?.("a[href^='#/']");
    const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !isPlain) return;
    const address = link.getAttribute("href");
    const path = pathOf(new URL(ROOT + address.slice(2)));
    if (!PAGE.test(path)) {
      event.preventDefault();
      save(vault, path).catch(refuse);
    } else if (address === location.hash) {
      event.preventDefault();
      goTo(here().hash);
    }
  }

  function watchMoves(vault, refuse) {
    let waiting = 0;
    addEventListener("scroll", () => {
      clearTimeout(waiting);
      waiting = setTimeout(keepPlace, 300);
    }, { passive: true }); // prettier-ignore
    document.addEventListener("click", (event) => onClick(vault, refuse, event), true);
  }

  // --- Parts of a page ---------------------------------------------------------------------------

  async function blobOf(vault, path) {
    const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
    const type = TYPES[ending] ?? "application/octet-stream";
    return URL.createObjectURL(new Blob([await vault.read(path)], { type }));
  }

  /** Return the address of a script that sees its page's address where it asks for one. */
  async function scriptOf(vault, path) {
    const text = textOf(await vault.read(path));
    const lines = ["{const{location,history}=globalThis.TrackerPlace;", text, "\n}"];
    return URL.createObjectURL(new Blob(lines, { type: "text/javascript" }));
  }

  async function sheetOf(vault, link) {
    const url = new URL(link.getAttribute("href"), here());
    const text = textOf(await vault.read(pathOf(url)));
    // What the browser takes for the target is the whole address behind the shell's.
    const parts = text.replaceAll(":target", "[data-targeted]").split(PICTURE);
    for (let at = 1; at < parts.length; at += 2) {
      const picture = new URL(parts[at], url);
      const isOurs = picture.href.startsWith(ROOT);
      parts[at] = `url("${isOurs ? await blobOf(vault, pathOf(picture)) : picture.href}")`;
    }
    const sheet = new CSSStyleSheet({ media: link.media });
    sheet.replaceSync(parts.join(""));
    return sheet;
  }

  /** Take the addresses off pictures, for the browser would ask for them, and return what sets
   * them to the decrypted ones. */
  function picturesOf(vault, page) {
    const pictures = Array.from(page.querySelectorAll("img[src], link[rel='icon']"), (element) => {
      const name = element.localName === "img" ? "src" : "href";
      const path = pathOf(new URL(element.getAttribute(name), here()));
      element.removeAttribute(name);
      return async () => element.setAttribute(name, await blobOf(vault, path));
    });
    return () => Promise.all(pictures.map((set) => set()));
  }

  /** Put the scripts in place, those that are to wait for the page last; return when all have run. */
  function run(scripts, addresses) {
    const order = [...scripts.keys()].sort(
      (left, right) => scripts[left].hasAttribute("defer") - scripts[right].hasAttribute("defer"),
    );
    const runs = order.map((number) => {
      const script = document.createElement("script");
      for (const { name, value } of scripts[number].attributes) {
        if (!["src", "defer", "async"].includes(name)) script.setAttribute(name, value);
      }
      script.async = false;
      virtual.set(script, new URL(scripts[number].getAttribute("src"), here()).href);
      script.setAttribute("src", addresses[number]);
      const ended = new Promise((resolve) => {
        script.addEventListener("load", resolve);
        script.addEventListener("error", resolve);
      });
      scripts[number].replaceWith(script);
      return ended;
    });
    return Promise.all(runs);
  }

  const virtual = new WeakMap(); // Scripts, and the addresses that they know.

  /** Let a script that is given an address of the plain site load what is encrypted there. */
  function watchScripts(vault, refuse) {
    const { src } = Object.getOwnPropertyDescriptors(HTMLScriptElement.prototype);
    Object.defineProperty(HTMLScriptElement.prototype, "src", {
      ...src,
      get() {
        return virtual.get(this) ?? src.get.call(this);
      },
      set(address) {
        const url = new URL(address, here());
        virtual.set(this, url.href);
        scriptOf(vault, pathOf(url)).then(
          (blob) => src.set.call(this, blob),
          (error) => {
            refuse(error);
            this.dispatchEvent(new Event("error"));
          },
        );
      },
    });
  }

  // --- Pages -------------------------------------------------------------------------------------

  /** Show the page that the address asks for.
   *
   * `refuse(error)` is called for a part that cannot be read; a page of which that holds as a whole
   * is not shown. `lock` is the button that locks the site.
   */
  async function show(vault, lock, refuse) {
    const page = await readPage(vault);
    const scripts = [...page.querySelectorAll("script[src]")];
    const pathOfScript = (script) => pathOf(new URL(script.getAttribute("src"), here()));
    const [sheets, addresses] = await Promise.all([
      Promise.all(Array.from(page.querySelectorAll("link[rel='stylesheet']"), (link) => sheetOf(vault, link))),
      Promise.all(scripts.map((script) => scriptOf(vault, pathOfScript(script)))),
    ]);
    // The shell's own policy holds; a feed or the next page cannot be had by these addresses.
    for (const extra of page.querySelectorAll("meta[http-equiv], link:not([rel='icon'])")) extra.remove();
    const setPictures = picturesOf(vault, page);
    turnLinks(page);
    const menu = page.querySelector(".top nav > ul");
    const item = page.createElement("li");
    item.append(lock);
    if (menu) menu.append(item);
    else page.body.append(lock);
    addEventListener("popstate", follow);
    addEventListener("hashchange", follow);
    watchLinks();
    watchScripts(vault, refuse);
    watchMoves(vault, refuse);
    document.adoptedStyleSheets = sheets;
    document.replaceChild(document.adoptNode(page.documentElement), document.documentElement);
    shown = here();
    setPictures().catch(refuse);
    settle();
    const before = scrollY;
    await run(scripts, addresses);
    if (scrollY === before) settle(); // Scripts may have moved what stood there.
    document.documentElement.dataset.shown = pathOf(here());
  }

  /** Return the page that the address asks for, wherever it has moved. */
  async function readPage(vault) {
    const text = textOf(await vault.read(pathOf(here())));
    const page = new DOMParser().parseFromString(text, "text/html");
    const moved = page.querySelector("meta[http-equiv='refresh']");
    if (!moved) return page;
    pageHistory.replaceState(history.state, "", moved.content.replace(/^.*?url=/i, ""));
    return readPage(vault);
  }

  async function save(vault, path) {
    const address = await blobOf(vault, path);
    const link = document.createElement("a");
    link.setAttribute("href", address);
    link.download = path.slice(path.lastIndexOf("/") + 1);
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  globalThis.TrackerPages = Object.freeze({
    get place() {
      return pathOf(here());
    },
    isPage: (path) => PAGE.test(path),
    show,
    save,
  });
})();
