"use strict";
/* What a page can do besides showing: words light their records and records their words, tables sort, words that are
   marked come into the form, and what was read in meanwhile is announced. Without this, every page still works. */
(function () {
  var all = function (what, where) { return Array.prototype.slice.call((where || document).querySelectorAll(what)); };

  /* Evidence. */
  var pieces = all(".ev[data-records]");
  var records = function (piece) { return piece.getAttribute("data-records").split(" "); };
  var light = function (ids) {
    all(".lit").forEach(function (one) { one.classList.remove("lit"); });
    pieces.forEach(function (piece) {
      if (records(piece).some(function (id) { return ids.indexOf(id) >= 0; })) { piece.classList.add("lit"); }
    });
    ids.forEach(function (id) {
      var card = document.getElementById("r-" + id);
      if (card) { card.classList.add("lit"); }
    });
  };
  var show = function (id) {
    light([id]);
    var card = document.getElementById("r-" + id);
    if (card) { card.scrollIntoView({ block: "nearest" }); }
  };
  pieces.forEach(function (piece) {
    var turn = 0;
    piece.addEventListener("mouseenter", function () { light(records(piece)); });
    piece.addEventListener("focus", function () { light(records(piece)); });
    piece.addEventListener("click", function (event) {
      var ids = records(piece);
      if (window.getSelection && String(window.getSelection())) { event.preventDefault(); return; }
      event.preventDefault();
      var id = ids[turn % ids.length];
      turn += 1;
      history.replaceState(null, "", "#r-" + id);
      show(id);
      var card = document.getElementById("r-" + id);
      if (card) { card.focus({ preventScroll: true }); }
    });
  });
  all(".record").forEach(function (card) {
    var id = card.getAttribute("data-record");
    card.addEventListener("mouseenter", function () { light([id]); });
    card.addEventListener("focusin", function () { light([id]); });
    all(".to-words", card).forEach(function (link) {
      link.addEventListener("click", function () { setTimeout(function () { light([id]); }, 0); });
    });
  });
  var named = /^#[rw]-(.+)$/.exec(location.hash);
  if (named && pieces.length) { light([decodeURIComponent(named[1])]); }

  /* Tables. */
  var value = function (row, n) {
    var cell = row.children[n];
    var said = cell ? cell.getAttribute("data-value") : "";
    if (said === null) { said = cell.textContent.trim(); }
    var number = parseFloat(said.replace("−", "-").replace(/[,+]/g, ""));
    return isNaN(number) || /^\d{4}-/.test(said) ? said.toLowerCase() : number;
  };
  all("table.sortable").forEach(function (table) {
    all("thead th", table).forEach(function (head, n) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") !== "descending";
        all("th[aria-sort]", table).forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        all("tbody", table).forEach(function (body) {
          var rows = all("tr", body).filter(function (row) { return !row.classList.contains("group"); });
          rows.sort(function (a, b) {
            var x = value(a, n), y = value(b, n);
            if (x === "" || y === "") { return (x === "") - (y === ""); }
            var less = typeof x === typeof y ? (x < y ? -1 : x > y ? 1 : 0) : typeof x === "number" ? -1 : 1;
            return down ? -less : less;
          });
          rows.forEach(function (row) { body.appendChild(row); });
        });
      });
    });
  });

  /* Periods: the one that is shown is in sight, and a slider leads through them. */
  all(".slider").forEach(function (bar) {
    var stops = all("a", bar), current = bar.querySelector("[aria-current]");
    if (current) { bar.scrollLeft = current.offsetLeft - bar.offsetLeft - bar.clientWidth / 2; }
    if (stops.length < 3) { return; }
    var label = document.createElement("label"), slide = document.createElement("input");
    var told = document.createElement("output");
    slide.type = "range";
    slide.min = "0";
    slide.max = String(stops.length - 1);
    slide.value = String(Math.max(0, stops.indexOf(current)));
    var say = function () {
      told.textContent = stops[Number(slide.value)].textContent;
      slide.setAttribute("aria-valuetext", told.textContent);
    };
    slide.addEventListener("input", say);
    slide.addEventListener("change", function () { location.href = stops[Number(slide.value)].href; });
    say();
    label.className = "slide";
    label.appendChild(document.createTextNode(bar.getAttribute("data-slider") + " "));
    label.appendChild(slide);
    label.appendChild(told);
    bar.parentNode.insertBefore(label, bar);
    if (sessionStorage.getItem("sliding") === location.pathname) { slide.focus({ preventScroll: true }); }
    sessionStorage.removeItem("sliding");
    slide.addEventListener("change", function () { sessionStorage.setItem("sliding", location.pathname); });
  });

  /* Words that are marked in a report come into the form that is being filled in: into the field of words that was
     used last, or else into that for a record that was missed. */
  var body = document.querySelector(".body[data-report]");
  var fields = all("textarea[data-words]");
  var taking = document.getElementById("words-missed");
  var wordy = function (char) { return char !== undefined && /[\p{L}\p{N}_]/u.test(char); };
  /* The text of the report, without what the page says of it, and how much of it lies before a place. */
  var textUpTo = function (node, offset) {
    var walk = document.createTreeWalker(body, NodeFilter.SHOW_TEXT), text = "", before = null, one;
    var last = null;
    while ((one = walk.nextNode())) {
      if (one.parentElement.closest(".why")) { continue; }
      var paragraph = one.parentElement.closest("p");
      if (paragraph !== last) { text += "\n"; last = paragraph; }
      if (one === node) { before = text.length + offset; }
      text += one.data;
    }
    return { text: text, before: before };
  };
  /* Which of those that stand in the text the words at a place are, from 1: counted as the server counts. */
  var placeOf = function (text, start, words) {
    var pattern = words.split(/\s+/).map(function (part) { return part.replace(/[.*+?^${}()|[\]\\\/]/g, "\\$&"); }).join("\\s+");
    var found = new RegExp("(?<![\\p{L}\\p{N}_])" + pattern + "(?![\\p{L}\\p{N}_])", "gu"), number = 0, match;
    while ((match = found.exec(text))) {
      number += 1;
      found.lastIndex = match.index + 1;  /* places may overlap */
      if (match.index === start) { return { number: number, more: found.exec(text) !== null || number > 1 }; }
    }
    return null;
  };
  var marked = function () {
    var selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) { return null; }
    var range = selection.getRangeAt(0), start = range.startContainer;
    if (!body.contains(range.commonAncestorContainer) || start.nodeType !== Node.TEXT_NODE) {
      return body.contains(range.commonAncestorContainer) ? { words: String(selection).replace(/\s+/g, " ").trim(), which: "" } : null;
    }
    var there = textUpTo(start, range.startOffset), text = there.text, from = there.before;
    var words = String(selection).replace(/\s+/g, " ").trim();
    if (!words || from === null) { return null; }
    while (/\s/.test(text[from])) { from += 1; }
    var to = from, left = words.replace(/\s/g, "").length;
    while (left > 0 && to < text.length) { if (!/\s/.test(text[to])) { left -= 1; } to += 1; }
    while (wordy(text[from]) && wordy(text[from - 1])) { from -= 1; }
    while (wordy(text[to - 1]) && wordy(text[to])) { to += 1; }
    words = text.slice(from, to).replace(/\s+/g, " ");
    var place = null;
    try { place = placeOf(text, from, words); } catch (error) { /* a browser that cannot look behind */ }
    return { words: words, which: place && place.more ? String(place.number) : "" };
  };
  if (body && fields.length) {
    var take = function (field) {
      if (taking) { taking.classList.remove("taking"); }
      taking = field;
      taking.classList.add("taking");
    };
    fields.forEach(function (field) { field.addEventListener("focus", function () { take(field); }); });
    all("details.correct").forEach(function (one) {
      one.addEventListener("toggle", function () {
        var own = one.querySelector("textarea[data-words]"), missed = document.getElementById("words-missed");
        if (own) { take(one.open ? own : missed || own); }
      });
    });
    document.addEventListener("selectionchange", function () {
      var found = marked();
      if (!found || !taking) { return; }
      taking.value = found.words;
      document.getElementById(taking.getAttribute("data-words")).value = found.which;
    });
  }

  /* A form asks only for what the kind of record has. */
  var kind = document.getElementById("kind-missed");
  if (kind) {
    var choose = function () {
      all("[data-kinds]", kind.form).forEach(function (one) {
        one.hidden = one.getAttribute("data-kinds").split(" ").indexOf(kind.value) < 0;
      });
    };
    kind.addEventListener("change", choose);
    choose();
  }

  /* What was read in meanwhile. */
  var state = null;
  var look = function () {
    if (document.hidden) { return; }
    fetch("/api/v1/status", { credentials: "same-origin", headers: { accept: "application/json" } }).then(function (answer) {
      return answer.ok ? answer.json() : null;
    }).then(function (found) {
      if (!found || !found.state) { return; }
      if (state !== null && state !== found.state && !document.querySelector(".news")) {
        var news = document.createElement("p");
        news.className = "news";
        news.setAttribute("role", "status");
        var link = document.createElement("a");
        link.href = location.href.split("#")[0];
        link.textContent = "There are new records: load the page again";
        news.appendChild(link);
        document.body.appendChild(news);
      }
      state = found.state;
    }).catch(function () { /* the server is gone; the page stays as it is */ });
  };
  look();
  setInterval(look, 30000);
})();
