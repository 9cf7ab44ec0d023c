/* A customer's page: buttons that copy what a customer is reached by, and filters of the follow-ups.
 * Without it everything is shown, and there is no button that does nothing.
 */
(function () {
  "use strict";

  // --- Copying -----------------------------------------------------------------------------------

  const SHOWN = 2000; // Milliseconds for which a button says that it has copied.

  async function copied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copiedAsOfOld(text);
    }
  }

  /** Copy without the clipboard's own interface, which pages that came over plain HTTP do not have. */
  function copiedAsOfOld(text) {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "hide";
    document.body.append(area);
    area.select();
    try {
      return document.execCommand("copy");
    } catch {
      return false;
    } finally {
      area.remove();
    }
  }

  function addCopying(section) {
    const { copy, copied: done, failed } = section.dataset;
    const said = document.createElement("p");
    said.className = "hide";
    said.setAttribute("role", "status");
    section.append(said);
    for (const cell of section.querySelectorAll(".reach")) {
      const value = cell.querySelector("bdi");
      const button = document.createElement("button");
      const label = document.createElement("span");
      const what = document.createElement("span");
      button.type = "button";
      button.className = "copy screen";
      label.textContent = copy;
      what.className = "hide";
      what.textContent = ` ${value.textContent}`;
      button.append(label, what);
      button.addEventListener("click", async () => {
        const worked = await copied(value.textContent);
        if (worked) button.focus();
        else getSelection().selectAllChildren(value);
        label.textContent = worked ? done : copy;
        said.textContent = worked ? done : failed;
        setTimeout(() => {
          label.textContent = copy;
          said.textContent = "";
        }, SHOWN);
      });
      cell.append(" ", button);
    }
  }

  // --- Filters of the follow-ups -----------------------------------------------------------------

  function addFilters(sift) {
    const followups = [...document.querySelectorAll(".fu")];
    const buttons = [...sift.querySelectorAll("[data-key]")];
    const [shown, all] = ["shown", "all"].map((name) => sift.querySelector(`[data-part="${name}"]`));
    const isPressed = (button) => button.getAttribute("aria-pressed") === "true";

    function apply() {
      const wanted = new Map();
      for (const { dataset } of buttons.filter(isPressed)) {
        wanted.set(dataset.key, (wanted.get(dataset.key) ?? new Set()).add(dataset.value));
      }
      let left = 0;
      for (const followup of followups) {
        const fits = [...wanted].every(([key, values]) =>
          (followup.dataset[key] ?? "").split("\n").some((value) => values.has(value)),
        );
        // Not hidden: the printed form holds them all.
        followup.classList.toggle("sifted", !fits);
        left += fits;
      }
      all.hidden = !wanted.size;
      shown.textContent = wanted.size
        ? sift.dataset.shown.replace("[shown]", left).replace("[total]", followups.length)
        : "";
    }

    function showAll() {
      for (const button of buttons) button.setAttribute("aria-pressed", "false");
      apply();
    }

    sift.addEventListener("click", (event) => {
      const button = event.target.closest("[data-key]");
      if (!button) return;
      button.setAttribute("aria-pressed", String(!isPressed(button)));
      apply();
    });
    all.addEventListener("click", () => {
      showAll();
      buttons[0].focus();
    });
    // A link to a follow-up shows it, whatever is filtered.
    addEventListener("hashchange", () => {
      const target = document.querySelector(":target");
      if (target?.classList.contains("sifted")) {
        showAll();
        target.scrollIntoView();
      }
    });
    sift.hidden = false;
  }

  const reach = document.getElementById("reach");
  if (reach) addCopying(reach);
  const sift = document.getElementById("sift");
  if (sift) addFilters(sift);
})();
