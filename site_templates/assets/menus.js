/* Menus close as people expect: by Escape, by a click elsewhere, when the focus leaves them, and when
 * another one is opened. They open without this script, too: `details[data-menu]` and the main
 * menu, which is a popover on small screens.
 *
 * What a link leads to is unfolded, which not every browser does by itself.
 *
 * It also tells the style sheet how much of the screen the header takes, as `--top`: that depends on
 * the length of the words, and what sticks below the header has to know.
 */
(function () {
  "use strict";

  const open = () => document.querySelectorAll("details[data-menu][open]");

  function closeAllBut(target) {
    for (const menu of open()) if (!menu.contains(target)) menu.open = false;
  }

  document.addEventListener("click", (event) => closeAllBut(event.target));
  document.addEventListener("focusin", (event) => closeAllBut(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    for (const menu of open()) {
      const hadFocus = menu.contains(document.activeElement);
      menu.open = false;
      if (hadFocus) menu.querySelector("summary").focus();
    }
  });

  const header = document.querySelector("header.top");
  const menu = document.getElementById("menu");
  const button = document.querySelector(".menu-open");
  const closeMain = () => {
    if (menu?.togglePopover && menu.matches(":popover-open")) menu.hidePopover();
  };

  if (header) {
    new ResizeObserver(() => {
      const sticks = getComputedStyle(header).position === "sticky";
      const height = sticks ? header.offsetHeight : 0;
      document.documentElement.style.setProperty("--top", `${height}px`);
      // A screen that was turned has room for the menu; as a popover it would lie above the page.
      if (!button?.getClientRects().length) closeMain();
    }).observe(header);
  }
  function unfold() {
    const target = document.querySelector(":target");
    const fold = target?.closest("details:not([open])");
    if (!fold) return;
    fold.open = true;
    target.scrollIntoView();
  }

  addEventListener("load", unfold);
  addEventListener("hashchange", unfold);
  // The browser keeps a page that is left, and shows it again as it was.
  addEventListener("pagehide", () => {
    closeAllBut(null);
    closeMain();
  });
})();
