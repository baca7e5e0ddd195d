(function () {
  "use strict";
  var table = document.getElementById("files-table");
  var body = table && table.tBodies[0];
  if (body) {
    var rows = Array.prototype.slice.call(body.rows);
    var tools = document.getElementById("files-tools");
    var word = tools.querySelector("input");
    var status = tools.querySelector("select");
    var count = tools.querySelector("output");
    var filter = function () {
      var wanted = word.value.trim().toLowerCase();
      var shown = 0;
      rows.forEach(function (row) {
        var fits = (!status.value || row.dataset.status === status.value) &&
          (!wanted || row.textContent.toLowerCase().indexOf(wanted) !== -1);
        row.hidden = !fits;
        if (fits) { shown += 1; }
      });
      count.textContent = shown + " of " + rows.length + " shown";
    };
    word.addEventListener("input", filter);
    status.addEventListener("change", filter);
    tools.hidden = false;
    filter();

    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    heads.forEach(function (head, index) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var key = function (row) {
          var cell = row.cells[index];
          return cell.dataset.n === undefined ? cell.textContent.trim() : Number(cell.dataset.n);
        };
        rows.sort(function (a, b) {
          var x = key(a), y = key(b);
          var order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
          return down ? -order : order;
        });
        rows.forEach(function (row) { body.appendChild(row); });
      });
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll("code[data-full]"), function (code) {
    var full = code.dataset.full;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "digest";
    button.title = full;
    button.textContent = code.textContent;
    button.setAttribute("aria-label", "SHA-256 starting " + code.textContent + ": show whole and copy");
    button.addEventListener("click", function () {
      button.textContent = full;
      button.removeAttribute("aria-label");
      var range = document.createRange();
      range.selectNodeContents(button);
      var selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      if (navigator.clipboard) { navigator.clipboard.writeText(full).catch(function () {}); }
    });
    code.replaceWith(button);
  });

  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (part) { part.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (part) { part.open = false; });
  });
}());
