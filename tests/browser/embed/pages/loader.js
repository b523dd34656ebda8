(function (w, d, tag) {
  var g = w.gapi || (w.gapi = {});
  g.analytics = { q: [], ready: function (f) { this.q.push(f); } };
  var js = d.createElement(tag);
  var first = d.getElementsByTagName(tag)[0];
  js.src = "{{portal}}/embed/platform.js";
  first.parentNode.insertBefore(js, first);
  js.onload = function () { g.load("analytics"); };
})(window, document, "script");
