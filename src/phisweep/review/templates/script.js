(function () {
  "use strict";
  var body = document.body;
  if (!body.classList.contains("review")) { return; }
  var token = body.dataset.token;
  var at = function (id) { return document.getElementById(id); };
  var unit = null, words = [], here = -1, busy = false, ended = false, last = {};

  var ask = function (what, content) {
    var options = { headers: { "X-Review-Token": token }, cache: "no-store", credentials: "same-origin" };
    if (content !== undefined) {
      options.method = "POST";
      options.headers["Content-Type"] = "application/json";
      options.body = JSON.stringify(content);
    }
    busy = true;
    return fetch(what, options).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    }).then(function (state) {
      busy = false;
      trouble("");
      show(state);
    }).catch(function () {
      busy = false;
      if (!ended) {
        trouble("phisweep does not answer. What was answered before is saved: run phisweep review again to go on.");
      }
    });
  };

  var trouble = function (text) {
    at("trouble").textContent = text;
    at("trouble").hidden = !text;
  };

  var piece = function (text, name) {
    var span = document.createElement(name === "asked" ? "mark" : "span");
    span.textContent = text;
    if (name === "beside") { span.className = "r-beside"; }
    return span;
  };

  var show = function (state) {
    last = state;
    unit = state.unit;
    at("count").textContent = state.done + " of " + state.total + " answered";
    at("filled").style.width = (state.total ? 100 * state.done / state.total : 0) + "%";
    at("progress").setAttribute("aria-valuenow", state.done);
    ended = state.finished;
    at("card").hidden = !unit || ended;
    at("over").hidden = !at("card").hidden;
    at("keys").hidden = !unit || ended;
    at("more").hidden = ended;
    at("guide").hidden = !unit || ended;
    if (at("over").hidden) { lay(unit); } else { close(state); }
    at("finish-words").textContent = unit ? "Stop here" : "Finish";
  };

  var close = function (state) {
    var all = state.done === state.total;
    at("over-title").textContent = ended ? (all ? "Done" : "Stopped") : "All are answered";
    at("over-words").textContent = ended
      ? (all ? "Thank you. " : "The same command goes on from here. ") + "You may close this page; phisweep tells the rest in the terminal."
      : "Press F to finish, or Z to take the last answer back.";
    at("text").textContent = "";
    at("over").focus({ preventScroll: true });
  };

  var lay = function (unit) {
    var text = at("text"), candidate = unit.kind === "candidate";
    words = [];
    here = -1;
    at("question").textContent = candidate
      ? "Does the marked part tell who somebody is?"
      : "Does anything here tell who somebody is?";
    at("hint").textContent = candidate
      ? ""
      : "Mark every word that does: arrow keys and space, or a click. Then Y.";
    at("yes-words").textContent = candidate ? "It does" : "The marked words";
    at("no-words").textContent = candidate ? "It does not" : "Nothing does";
    at("label").textContent = unit.label;
    at("where").textContent = unit.where;
    text.textContent = "";
    if (candidate) { text.removeAttribute("role"); } else { text.setAttribute("role", "listbox"); }
    ["aria-label", "aria-multiselectable", "aria-activedescendant", "tabindex"].forEach(function (name) {
      text.removeAttribute(name);
    });
    if (!candidate) {
      text.setAttribute("aria-label", "Words of the passage");
      text.setAttribute("aria-multiselectable", "true");
      text.tabIndex = 0;
    }
    if (unit.before) { text.appendChild(piece(unit.before, "beside")); }
    unit.pieces.forEach(function (one) {
      var span = piece(one[0], one[1]);
      if (typeof one[1] === "number") {
        span.className = "r-word";
        span.id = "w" + one[1];
        span.setAttribute("role", "option");
        span.setAttribute("aria-selected", String(unit.marked.indexOf(one[1]) !== -1));
        span.addEventListener("click", function () { go(one[1]); toggle(); });
        words.push(span);
      }
      text.appendChild(span);
    });
    if (unit.after) { text.appendChild(piece(unit.after, "beside")); }
    if (candidate) { at("card").focus({ preventScroll: true }); } else { go(0); text.focus({ preventScroll: true }); }
    ready();
  };

  var go = function (number) {
    if (!words.length) { return; }
    if (words[here]) { words[here].classList.remove("r-here"); }
    here = Math.max(0, Math.min(words.length - 1, number));
    words[here].classList.add("r-here");
    words[here].scrollIntoView({ block: "nearest" });
    at("text").setAttribute("aria-activedescendant", words[here].id);
  };

  var toggle = function () {
    if (!words[here]) { return; }
    var on = words[here].getAttribute("aria-selected") !== "true";
    words[here].setAttribute("aria-selected", String(on));
    ready();
  };

  var marked = function () {
    return words.reduce(function (found, word, number) {
      return word.getAttribute("aria-selected") === "true" ? found.concat(number) : found;
    }, []);
  };

  var ready = function () {
    var some = marked().length > 0, passage = unit.kind === "passage";
    at("keys").querySelector("[data-do=yes]").disabled = passage && !some;
    at("keys").querySelector("[data-do=no]").disabled = passage && some;
  };

  var act = function (name) {
    if (busy || ended) { return; }
    if (name === "undo") { ask("undo", {}); return; }
    if (name === "finish") { ask("finish", {}); return; }
    if (!unit) { return; }
    var button = at("keys").querySelector("[data-do=" + name + "]");
    if (button.disabled) { return; }
    var chosen = name === "yes" && unit.kind === "passage" ? marked() : [];
    ask("answer", { id: unit.id, verdict: name, words: chosen });
  };

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-do]");
    if (button) { act(button.dataset.do); }
  });

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    var key = event.key.toLowerCase();
    var named = { y: "yes", n: "no", u: "unsure", z: "undo", f: "finish" }[key];
    var onButton = event.target.closest && event.target.closest("button, summary");
    if (named) {
      event.preventDefault();
      if (!event.repeat) { act(named); }
    } else if (key === "?") {
      at("guide").open = !at("guide").open;
    } else if (words.length && unit && !ended && !onButton) {
      if (key === "arrowright") { go(here + 1); event.preventDefault(); }
      else if (key === "arrowleft") { go(here - 1); event.preventDefault(); }
      else if (key === "arrowdown") { go(line(1)); event.preventDefault(); }
      else if (key === "arrowup") { go(line(-1)); event.preventDefault(); }
      else if (key === "home") { go(0); event.preventDefault(); }
      else if (key === "end") { go(words.length - 1); event.preventDefault(); }
      else if (key === " ") { if (!event.repeat) { toggle(); } event.preventDefault(); }
    }
  });

  var line = function (step) {
    var from = words[here].getBoundingClientRect(), number = here + step, best = here, nearest = Infinity;
    for (; words[number]; number += step) {
      var spot = words[number].getBoundingClientRect();
      var down = Math.round(Math.abs(spot.top - from.top));
      if (down < 4) { continue; }
      if (best !== here && Math.abs(spot.top - words[best].getBoundingClientRect().top) > 4) { break; }
      var off = Math.abs(spot.left - from.left);
      if (off < nearest) { nearest = off; best = number; }
    }
    return best;
  };

  ask("state");
})();
