"use strict";

(() => {
  const page = document.documentElement;
  page.classList.add("js");

  /* Contents: closed on a narrow screen, open beside the text on a wide one; the current section is marked. */

  const contents = document.querySelector(".contents");
  const list = contents.querySelector("details");
  const wide = matchMedia("(min-width: 64rem)");

  const fit = () => { list.open = wide.matches; };
  const fold = () => { if (!wide.matches) list.open = false; };
  wide.addEventListener("change", fit);
  fit();
  contents.addEventListener("click", (event) => { if (event.target.closest("a")) fold(); });
  contents.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || wide.matches || !list.open) return;
    fold();
    list.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => { if (!contents.contains(event.target)) fold(); });
  contents.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !contents.contains(event.relatedTarget)) fold();
  });

  const entries = new Map();
  for (const link of contents.querySelectorAll("a")) {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (target?.localName === "section") entries.set(target, link);
  }
  const inView = new Set();
  let current;
  const mark = () => {
    const section = [...entries.keys()].findLast((each) => inView.has(each));
    if (!section || section === current) return;
    entries.get(current)?.removeAttribute("aria-current");
    current = section;
    const link = entries.get(section);
    link.setAttribute("aria-current", "true");
    if (!wide.matches) return;
    const [box, column] = [link.getBoundingClientRect(), contents.getBoundingClientRect()];
    if (box.top < column.top + 40 || box.bottom > column.bottom - 40) {
      contents.scrollTop += box.top - column.top - column.height / 2;
    }
  };
  const watcher = new IntersectionObserver((changes) => {
    for (const change of changes) inView[change.isIntersecting ? "add" : "delete"](change.target);
    mark();
  }, { rootMargin: "0px 0px -75% 0px" });
  for (const section of entries.keys()) watcher.observe(section);

  /* What overflows its box can be moved by keyboard, and has a shadow where there is more; what does not is
     no stop for the Tab key. */

  const shade = (box) => {
    const hidden = box.scrollWidth - box.clientWidth;
    const left = getComputedStyle(box).direction === "rtl" ? hidden + box.scrollLeft : box.scrollLeft;
    box.classList.toggle("more-left", left > 1);
    box.classList.toggle("more-right", left < hidden - 1);
  };
  const reach = (box) => {
    shade(box);
    const over = box.scrollWidth > box.clientWidth + 1;
    if (over === box.hasAttribute("tabindex")) return;
    if (!over) {
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
      return;
    }
    box.tabIndex = 0;
    if (box.localName === "figure" || box.localName === "math") return;
    const label = box.closest("figure")?.querySelector("figcaption > .label") || box.querySelector(".label");
    box.setAttribute("role", "group");
    if (label) box.setAttribute("aria-label", label.textContent);
  };
  const sizes = new ResizeObserver((changes) => changes.forEach((change) => reach(change.target)));
  const boxes = "main .table, main pre, main .equation, main math[display=block], main figure:has(> svg)";
  for (const box of document.querySelectorAll(boxes)) {
    sizes.observe(box);
    box.addEventListener("scroll", () => shade(box), { passive: true });
  }

  /* Marks of sections and paragraphs: the arrow keys go from one to the next. */

  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !document.activeElement.matches("main .permalink")) return;
    const marks = [...document.querySelectorAll("main .permalink")];
    marks[marks.indexOf(document.activeElement) + step]?.focus();
    event.preventDefault();
  });

  /* Previews of what a link leads to, on hover and on focus (WCAG 2.2, 1.4.13: they can be dismissed with
     Escape, be pointed at, and stay). A tap follows the link as ever. */

  const main = document.querySelector("main");
  let preview;
  let owner;
  let timer;

  const hide = () => {
    clearTimeout(timer);
    owner?.removeAttribute("aria-describedby");
    preview?.remove();
    preview = owner = undefined;
  };

  const subjects = (target) => {
    if (target.localName === "section") {
      const heading = document.createElement("p");
      heading.className = "heading";
      heading.textContent = target.firstElementChild.textContent;
      const first = target.querySelector(":scope > p");
      return first ? [heading, first.cloneNode(true)] : [heading];
    }
    const whole = target.matches("figure, table, .entry, .footnote, .equation");
    const block = whole ? target : target.closest("p, td, th, li, dd, caption, figcaption") || target;
    const copy = block.cloneNode(true);
    if (!whole && target !== block) copy.querySelector(`#${CSS.escape(target.id)}`).classList.add("cited");
    if (whole || !copy.matches("td, th, caption, figcaption, li, dd")) return [copy];
    const text = document.createElement("p");
    text.append(...copy.childNodes);
    return [text];
  };

  const build = (target) => {
    const box = document.createElement("div");
    box.className = "preview";
    box.id = "preview";
    box.setAttribute("role", "tooltip");
    box.append(...subjects(target));
    for (const each of box.querySelectorAll(".permalink, .backlinks, .page")) each.remove();
    for (const each of box.querySelectorAll("[id]")) each.removeAttribute("id");
    for (const each of box.querySelectorAll("[tabindex]")) each.removeAttribute("tabindex");
    for (const each of box.querySelectorAll("a")) each.tabIndex = -1;
    return box;
  };

  const place = (box, link) => {
    const at = link.getClientRects()[0];
    const { offsetWidth: width, offsetHeight: height } = box;
    const below = innerHeight - at.bottom;
    const top = below >= height + 8 || below >= at.top ? at.bottom + 4 : at.top - height - 4;
    const left = Math.min(Math.max(16, at.left - 24), page.clientWidth - width - 16);
    box.style.top = `${top + scrollY}px`;
    box.style.left = `${left + scrollX}px`;
  };

  const show = (link) => {
    if (link === owner) return;
    hide();
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target || target.contains(link)) return;
    preview = build(target);
    owner = link;
    main.append(preview);
    place(preview, link);
    if (preview.scrollHeight > preview.clientHeight) preview.tabIndex = 0;
    if (target.matches(".entry, .footnote")) link.setAttribute("aria-describedby", "preview");
  };

  const linkOf = (event) => {
    const link = event.target.closest?.('main a[href^="#"]:not(.permalink)');
    return link && !preview?.contains(link) ? link : null;
  };
  const later = (work, delay) => { clearTimeout(timer); timer = setTimeout(work, delay); };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = linkOf(event);
    if (link) later(() => show(link), 180);
    else if (preview?.contains(event.target)) clearTimeout(timer);
    else if (!owner?.matches(":focus-visible")) later(hide, 300);
  });
  page.addEventListener("pointerleave", () => { if (!owner?.matches(":focus-visible")) later(hide, 300); });
  main.addEventListener("focusin", (event) => {
    const link = linkOf(event);
    if (link?.matches(":focus-visible")) show(link);
    else if (!preview?.contains(event.target)) hide();
  });
  main.addEventListener("focusout", (event) => { if (event.target === owner) later(hide, 100); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  addEventListener("hashchange", hide);
  addEventListener("resize", hide);
})();
