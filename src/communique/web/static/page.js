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

  /* Words that are marked in a report come into the form for a record that was missed. */
  var body = document.querySelector(".body[data-report]");
  var field = document.getElementById("missed-words");
  if (body && field) {
    document.addEventListener("selectionchange", function () {
      var marked = document.getSelection();
      if (!marked.rangeCount || marked.isCollapsed || !body.contains(marked.getRangeAt(0).commonAncestorContainer)) { return; }
      field.value = String(marked).replace(/\s+/g, " ").trim();
    });
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
