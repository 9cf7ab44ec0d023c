/* Stands before all scripts of each page and frame. Reports by the console, whatever the page may do. */
(function () {
  "use strict";

  const FOREIGN =
    "script:not([src]), style, iframe, frame, frameset, object, embed, base, form, math, audio, " +
    "video, marquee, portal, applet, noscript, xmp, plaintext, link:not([href])";
  const HARMLESS = ["http:", "https:", "mailto:", "tel:", location.protocol];

  const report = console.debug.bind(console);
  const define = (name, value) => Object.defineProperty(globalThis, name, { value });
  define("xss", (number) => report(`@CALLED@${number}`));

  /** Look for what only a text can have brought into a page, and use it as a reader might. */
  define("xssProbe", () => {
    const strange = [];
    const numbers = [];
    const note = (element, what) => strange.push(`${element.localName} ${what}`.slice(0, 200));

    for (const element of document.querySelectorAll(FOREIGN)) note(element, "element");
    for (const element of document.querySelectorAll("[src], [srcset], link[href]")) {
      const address = element.src ?? element.srcset ?? element.href;
      if (originOf(address) !== location.origin) note(element, address);
    }
    for (const meta of document.querySelectorAll("meta[http-equiv]")) {
      const ours = meta.httpEquiv === "Content-Security-Policy" || !meta.content.includes("//");
      if (!ours) note(meta, meta.content);
    }
    for (const element of document.querySelectorAll("*")) {
      for (const { name, value } of [...element.attributes]) {
        if (/^on/i.test(name)) {
          note(element, name);
          element.dispatchEvent(new Event(name.slice(2), { cancelable: true }));
        } else if (name === "style" && !element.matches("html, [data-part=table] *")) {
          note(element, name); // Our scripts set those of the page and of the live table.
        } else if (/^(?:id|name)$/.test(name) && value.startsWith("@CLOBBERED@")) {
          note(element, `${name}=${value}`);
          numbers.push(Number.parseInt(value.slice("@CLOBBERED@".length), 10));
        }
      }
    }
    for (const found of document.documentElement.textContent.matchAll(/@COMPUTED@([0-9]+)/g)) {
      strange.push(found[0]);
      numbers.push(Number(found[1]));
    }
    for (const link of document.querySelectorAll("a, area, [formaction], form")) {
      const address = link.formAction || link.action || link.href?.baseVal || link.href;
      const protocol = address && protocolOf(address);
      if (!protocol || HARMLESS.includes(protocol)) continue;
      note(link, address);
      link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
      if (link.localName === "form") link.requestSubmit();
    }
    report(`@PROBED@${JSON.stringify({ page: location.href, strange, numbers })}`);
  });

  function originOf(address) {
    try {
      return new URL(address, location.href).origin;
    } catch {
      return null;
    }
  }

  /** Return the scheme of an address; nothing for one that no click could lead to. */
  function protocolOf(address) {
    try {
      return new URL(address, location.href).protocol;
    } catch {
      return "";
    }
  }

  addEventListener("load", xssProbe);
  // What never ends loading is a frame that a text brought in.
  if (window !== top) addEventListener("DOMContentLoaded", xssProbe);
})();
