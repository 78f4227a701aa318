// Runs before the app in every browser, so it is plain ES5. In a browser older than the oldest supported one
// (package.json, "browserslist") it shows the page's own message and removes the element of the app, so that the app
// does not start.
(function () {
  // The newest features of the oldest supported browsers: one of Chrome 69, one of Safari 14. tests/floor.test.ts
  // checks them.
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
