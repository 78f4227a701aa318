// Runs before the app, in whatever browser there is: plain ES5. Below the floor (package.json, "browserslist") it
// shows the page's own words for that, and takes away where the app would draw, so that the app does not start.
(function () {
  // The youngest things that a browser on the floor has: Chrome 69 the one, Safari 14 the other. Held by
  // tests/floor.test.ts.
  var signs = [typeof BigInt === "function", typeof Array.prototype.flat === "function"];
  var app = document.getElementById("app");
  var old = document.getElementById("old");
  for (var at = 0; at < signs.length; at += 1) {
    if (signs[at] || !app || !old) continue;
    app.parentNode.removeChild(app);
    app = null;
    old.removeAttribute("hidden");
  }
})();
