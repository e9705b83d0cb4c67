// Until the page is live. If it cannot become live, this says why and shows the pictures that were drawn beforehand. A file
// of its own, so that a page may be served under a policy that allows no script within HTML.
(function () {
  "use strict";
  var own = document.currentScript;
  var root = document.documentElement;
  var theme = /[?&]theme=(light|dark|projector)(?:&|$)/.exec(location.search);
  if (theme) root.setAttribute("data-theme", theme[1]);
  function fail(why) {
    var place = document.getElementById("failure");
    if (!place || root.hasAttribute("data-ready") || root.hasAttribute("data-failed")) return;
    root.setAttribute("data-failed", "true");
    place.querySelector("span").textContent = why.replace(/^Uncaught /, "");
    place.hidden = false;
    document.querySelectorAll("figure > noscript").forEach(function (picture) {
      picture.insertAdjacentHTML("afterend", picture.textContent);
    });
  }
  window.vanishingFail = fail;
  addEventListener("error", function (event) {
    // A hint to load something early may fail without harm: what needs the file says so itself.
    if (event.target && event.target.nodeName === "LINK" && event.target.rel !== "stylesheet") return;
    if (event.target instanceof HTMLScriptElement) fail("a part of the program could not be loaded");
    else if (event.error) fail(event.message);
  }, true);
  addEventListener("unhandledrejection", function (event) { fail(String(event.reason)); });
  document.addEventListener("DOMContentLoaded", function () {
    if (typeof WebAssembly !== "object" || !("noModule" in HTMLScriptElement.prototype)) {
      fail("this browser does not run WebAssembly");
    }
  });
  // Kept on this machine, so that it opens without a network. Not in a frame of another page, whose reader did not come
  // for this one, and only where the page was published with what it needs for it.
  var keeper = own && own.getAttribute("data-offline");
  if (keeper && window.top === window && "serviceWorker" in navigator && /^https?:$/.test(location.protocol)) {
    addEventListener("load", function () {
      navigator.serviceWorker.register(keeper).then(function () {
        return navigator.serviceWorker.ready;
      }).then(function () {
        root.setAttribute("data-offline-ready", "true");
      }, function () { /* A browser may refuse; then the page needs its network. */ });
    });
  }
})();
