/* Shows the pages of an encrypted site in place of the one that asked for the passphrase.
 *
 * Every page starts with the shell anew, as a page of the plain site starts with itself: scripts are
 * written for that, and nothing of one page is left in the next. What a page loads is decrypted:
 * style sheets are adopted, scripts and pictures become `blob:`s.
 *
 *   TrackerPages.place          the path of the page that is asked for, such as "index.html"
 *   TrackerPages.show(vault, …) shows it; refuses as the vault does
 *   TrackerPages.save(vault, …) downloads a file
 */
(function () {
  "use strict";

  const { here, pathOf, decoded } = TrackerPlace;
  // A page of somebody's among the attachments is a file: nothing in it may run.
  const PAGE = /^(?!attachments\/).*\.html$/s;
  const PICTURE = /url\(\s*["']?([^"')]+?)["']?\s*\)/; // In a style sheet, and its address.
  const TYPES = {
    css: "text/css", gif: "image/gif", ics: "text/calendar", jpeg: "image/jpeg", jpg: "image/jpeg",
    js: "text/javascript", json: "application/json", pdf: "application/pdf", png: "image/png",
    svg: "image/svg+xml", vcf: "text/vcard", webp: "image/webp", xml: "application/xml",
  }; // prettier-ignore

  history.scrollRestoration = "manual"; // The browser's own knows only the shell's pages.

  const textOf = (bytes) => new TextDecoder().decode(bytes);

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
    const changed = TrackerPlace.arrive();
    if (leaving || changed === "page") {
      // The page's scripts have no more to do with it.
      event.stopImmediatePropagation();
      if (!leaving) location.reload();
      leaving = true;
    } else if (changed === "place") {
      goTo(here().hash);
    }
  }

  /** Scroll to where the page was left, or to what the address asks for. */
  function settle() {
    const place = history.state?.trackerScroll;
    if (place === undefined) goTo(here().hash);
    else scrollTo(0, place);
  }

  function keepPlace() {
    if (leaving || !TrackerPlace.isShown()) return; // On the way to another page already.
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
    const path = pathOf(new URL(TrackerPlace.pageOf(address)));
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
      const isOurs = picture.href.startsWith(TrackerPlace.ROOT);
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
    const links = [...page.querySelectorAll("link[rel='stylesheet']")];
    const [sheets, addresses] = await Promise.all([
      Promise.all(links.map((link) => sheetOf(vault, link))),
      Promise.all(scripts.map((script) => scriptOf(vault, pathOfScript(script)))),
    ]);
    // The shell's own policy holds; a feed or the next page cannot be had by these addresses.
    const extras = page.querySelectorAll("meta[http-equiv], link:not([rel='icon'])");
    for (const extra of extras) extra.remove();
    const setPictures = picturesOf(vault, page);
    TrackerPlace.turnLinks(page);
    const menu = page.querySelector(".top nav > ul");
    const item = page.createElement("li");
    item.append(lock);
    if (menu) menu.append(item);
    else page.body.append(lock);
    addEventListener("popstate", follow);
    addEventListener("hashchange", follow);
    TrackerPlace.watchLinks();
    watchScripts(vault, refuse);
    watchMoves(vault, refuse);
    document.adoptedStyleSheets = sheets;
    document.replaceChild(document.adoptNode(page.documentElement), document.documentElement);
    TrackerPlace.arrive();
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
    TrackerPlace.history.replaceState(history.state, "", moved.content.replace(/^.*?url=/i, ""));
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
