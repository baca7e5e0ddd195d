(() => {
  "use strict";
  const STEP = 100; // rows of a long table that are shown at once
  const FEW = 8; // a table of no more has nothing to look for
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const figure = (n) => n.toLocaleString("en");
  const make = (name, properties, ...children) => {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  };
  document.documentElement.classList.add("scripted");

  // A digest that is cut short is shown whole, and copied, on a press.
  const digests = (within) => within.querySelectorAll("code[title]").forEach((code) => {
    if (code.closest(".rest")) { return; }
    const button = make("button", { type: "button", className: "digest", title: code.title }, code.textContent);
    button.setAttribute("aria-label", `SHA-256 starting ${code.textContent}: show whole and copy`);
    code.replaceWith(button);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.digest");
    if (!button) { return; }
    button.textContent = button.title;
    button.removeAttribute("aria-label");
    getSelection().selectAllChildren(button);
    if (navigator.clipboard) { navigator.clipboard.writeText(button.title).catch(() => {}); }
  });

  // A table or list with data-long: its rows are found, chosen and sorted, and a hundred are shown at
  // first. The others lie in its second part, class "rest", which is not shown but is printed.
  const long = (whole) => {
    const isTable = whole.tagName === "TABLE";
    const parts = isTable ? whole.tBodies : whole.children;
    const first = parts[0];
    if (!first) { return null; }
    const parted = parts.length > 1; // as it was written: the first hundred, and the others
    const rest = parts[1] || make(first.tagName, { className: "rest" });
    const rows = [...first.children, ...(parted ? rest.children : [])];
    const cell = (row, index) => row.children[index].textContent.trim();
    const heads = isTable ? [...whole.tHead.rows[0].cells] : [];
    const choices = [];
    let order = rows;
    let limit = STEP;
    let texts = null;

    const word = make("input", { type: "search", autocomplete: "off" });
    const count = make("output");
    count.setAttribute("aria-live", "polite");
    const text = (row) => isTable ? [...row.children].map((c) => c.textContent.trim()).join("\t") : row.textContent;
    const test = () => {
      let wanted = word.value.trim().toLowerCase();
      if (wanted && !texts) { texts = new Map(rows.map((row) => [row, `\t${text(row).toLowerCase()}\t`])); }
      if (/^".+"$/.test(wanted)) { wanted = `\t${wanted.slice(1, -1)}\t`; } // one cell, and all of it
      const chosen = choices.filter(([, box]) => box.value);
      return (row) => (!wanted || texts.get(row).includes(wanted)) &&
        chosen.every(([index, box]) => cell(row, index) === box.value);
    };
    const more = make("p", { className: "more" });
    const show = (asWritten) => {
      const found = order.filter(test());
      const shown = new Set(found.slice(0, limit));
      if (!asWritten) {
        first.after(rest);
        for (const row of order) { (shown.has(row) ? first : rest).append(row); }
        digests(first);
      }
      const of = found.length < rows.length ? `${figure(found.length)} found, of ` : "";
      count.textContent = `${figure(shown.size)} shown, of ${of}${figure(rows.length)}`;
      more.hidden = shown.size === found.length;
    };
    const again = () => { limit = STEP; show(false); };

    if (rows.length > FEW) {
      word.addEventListener("input", again);
      const tools = make("div", { className: "tools" }, make("label", {}, `Find in ${whole.dataset.long} `, word));
      heads.forEach((head, index) => {
        if (!("choose" in head.dataset)) { return; }
        const values = [...new Set(rows.map((row) => cell(row, index)))].filter(Boolean).sort(collator.compare);
        const box = make("select", {}, new Option("all", ""), ...values.map((value) => new Option(value, value)));
        if (values.length < 2) { return; }
        box.addEventListener("change", again);
        choices.push([index, box]);
        tools.append(make("label", {}, `${head.textContent} `, box));
      });
      tools.append(count);
      for (const [name, n] of [[`Show ${STEP} more`, STEP], ["Show all", Infinity]]) {
        const button = make("button", { type: "button" }, name);
        button.addEventListener("click", () => { limit += n; show(false); });
        more.append(button, " ");
      }
      const around = whole.closest(".scroll") || whole;
      around.before(tools);
      around.after(more);
    }
    heads.forEach((head, index) => {
      if (rows.length < 2 || !head.textContent.trim()) { return; }
      const figures = head.classList.contains("num");
      const key = (row) => {
        const { textContent, dataset } = row.children[index];
        if (!figures) { return textContent.trim(); }
        const n = parseFloat(dataset.n === undefined ? textContent.replace(/,/g, "") : dataset.n);
        return Number.isNaN(n) ? -Infinity : n;
      };
      const compare = figures ? (a, b) => (a < b ? -1 : Number(a > b)) : collator.compare;
      const button = make("button", { type: "button" }, head.textContent);
      button.addEventListener("click", () => {
        const was = head.getAttribute("aria-sort");
        const down = was ? was === "ascending" : figures; // the greatest figures first
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const keyed = rows.map((row) => [key(row), row]).sort(([a], [b]) => (down ? compare(b, a) : compare(a, b)));
        order = keyed.map(([, row]) => row);
        show(false);
      });
      head.replaceChildren(button);
    });
    if (rows.length > FEW) { show(parted || rows.length <= STEP); }
    return (value) => { word.value = `"${value}"`; again(); };
  };
  const finds = new Map([...document.querySelectorAll("[data-long]")].map((whole) => [whole.id, long(whole)]));
  digests(document);

  // A link that asks a long table for one value: data-in is the table's id, data-find the value.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-find]");
    const find = link && finds.get(link.dataset.in);
    if (find) { find(link.dataset.find); }
  });

  // What lies in something closed is opened where a link leads to it.
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let part = target; part; part = part.parentElement) {
      if (part.tagName === "DETAILS") { part.open = true; }
    }
    if (target) { target.scrollIntoView(); }
  };
  addEventListener("hashchange", open);
  if (location.hash) { open(); }

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => {
    opened.forEach((part) => { part.open = false; });
  });
})();
