/* Asks for the passphrase, remembers that the site is open, and locks it again.
 *
 * What is remembered is the root of the keys, never the passphrase: in this tab until it is closed,
 * or where the reader wants it, in this browser until the site is locked. It opens this build only.
 */
(function () {
  "use strict";

  const { TrackerVault, TrackerPages } = globalThis;
  const KEY = `tracker-open:${new URL(".", location.href).pathname}`;
  const OURS = /^tracker-(?!open:)/; // What pages keep in the tab, names of customers included.
  const { salt } = document.documentElement.dataset;
  const form = document.getElementById("ask");
  const refused = document.getElementById("refused");
  const [field, wrong, shown, kept, state] = ["passphrase", "wrong", "shown", "kept", "state"].map(
    (id) => document.getElementById(id),
  );
  const part = (name) => refused.querySelector(`[data-part="${name}"]`);

  // --- What is remembered ------------------------------------------------------------------------

  /** Return the storages of this browser that there are: a reader may have forbidden them. */
  function storages() {
    return ["sessionStorage", "localStorage"].flatMap((name) => {
      try {
        return [globalThis[name]];
      } catch {
        return [];
      }
    });
  }

  function remember(root, isKept) {
    const text = JSON.stringify({ salt, root: Array.from(root) });
    try {
      (isKept ? localStorage : sessionStorage).setItem(KEY, text);
    } catch {
      // Without storage every page asks anew.
    }
  }

  /** Return what is remembered of the site: `{ salt, root }`, of this build if there is any. */
  function remembered() {
    const found = storages().map((storage) => {
      try {
        return JSON.parse(storage.getItem(KEY));
      } catch {
        return null; // Somebody else has written there.
      }
    });
    return found.find((each) => each?.salt === salt) ?? found.find(Boolean);
  }

  function forget() {
    for (const storage of storages()) {
      for (const key of Object.keys(storage)) {
        if (key === KEY || OURS.test(key)) storage.removeItem(key);
      }
    }
  }

  function lock() {
    forget();
    location.reload();
  }

  // --- Asking ------------------------------------------------------------------------------------

  function ask(reason = "") {
    form.hidden = false;
    state.textContent = "";
    wrong.textContent = reason;
    field.setAttribute("aria-invalid", Boolean(reason));
    field.focus();
    field.select();
  }

  async function onSubmit(event) {
    event.preventDefault();
    if (state.textContent) return;
    if (!field.value.trim()) {
      ask(form.dataset.textEmpty);
      return;
    }
    wrong.textContent = "";
    state.textContent = form.dataset.textOpening;
    let vault;
    try {
      const root = await TrackerVault.rootOf(field.value);
      vault = await TrackerVault.open(root);
      remember(root, kept.checked);
    } catch (error) {
      // Anything else comes of a page that was changed, which the words allow for.
      if (!(error instanceof TrackerVault.Refused)) console.error(error);
      ask(form.dataset.textPassphrase);
      return;
    }
    await enter(vault);
  }

  // --- Open --------------------------------------------------------------------------------------

  async function enter(vault) {
    // Another tab may lock the site for all of them.
    addEventListener("storage", ({ key, newValue }) => {
      if (key === KEY && newValue === null) location.reload();
    });
    // Or has done so while this page, left for another site, was kept to come back to.
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted && remembered()?.salt !== salt) location.reload();
    });
    const path = TrackerPages.place;
    if (!TrackerPages.isPage(path)) {
      offer(vault, path);
      return;
    }
    try {
      await TrackerPages.show(vault, lockButton(), refusePart);
    } catch (error) {
      refuse(error);
    }
  }

  function lockButton() {
    const button = document.getElementById("lock").content.firstElementChild;
    button.addEventListener("click", lock);
    return button;
  }

  /** Say why nothing can be shown. */
  function refuse(error) {
    if (!(error instanceof TrackerVault.Refused)) console.error(error);
    say(error.reason ?? "damaged", error.path ?? TrackerPages.place);
  }

  function say(reason, path = "") {
    form.hidden = true;
    refused.hidden = false;
    part("reason").textContent = textFor(reason);
    part("path").firstChild.textContent = path;
    part("ways").hidden = !path;
    part("ways").querySelector("a").hidden = path === "index.html";
    addEventListener("hashchange", () => location.reload());
  }

  function textFor(reason) {
    return refused.dataset[`text${reason[0].toUpperCase()}${reason.slice(1)}`];
  }

  /** Say on the page that a part of it is lacking. */
  function refusePart(error) {
    if (!(error instanceof TrackerVault.Refused)) throw error;
    const notice = document.createElement("p");
    const sign = document.createElement("span");
    const path = document.createElement("bdi");
    notice.className = "notice";
    notice.setAttribute("role", "alert");
    sign.className = "st error";
    sign.textContent = refused.dataset.textPart;
    path.textContent = error.path;
    notice.append(sign, " ", path, " ", textFor(error.reason));
    (document.getElementById("main") ?? document.body).prepend(notice);
  }

  /** Offer a file that the address asks for, as in a tab of its own. */
  function offer(vault, path) {
    say("file", path);
    document.getElementById("refused-title").textContent = path.slice(path.lastIndexOf("/") + 1);
    part("save").hidden = false;
    part("save").addEventListener("click", () => TrackerPages.save(vault, path).catch(refuse));
  }

  // --- Beginning ---------------------------------------------------------------------------------

  async function begin() {
    if (!TrackerVault || !TrackerPages) return;
    document.getElementById("stuck").remove();
    if (!globalThis.crypto?.subtle) {
      say("insecure");
      return;
    }
    if (!globalThis.DecompressionStream || !("adoptedStyleSheets" in document)) {
      say("old");
      return;
    }
    const known = remembered();
    if (known?.salt === salt) {
      const vault = await TrackerVault.open(new Uint8Array(known.root)).catch(() => null);
      if (vault) {
        await enter(vault);
        return;
      }
    }
    if (known) forget();
    ask(known ? form.dataset.textAnew : "");
  }

  form.addEventListener("submit", onSubmit);
  shown.addEventListener("change", () => {
    field.type = shown.checked ? "text" : "password";
    field.autocapitalize = "none";
  });
  part("lock").addEventListener("click", lock);
  begin();
})();
