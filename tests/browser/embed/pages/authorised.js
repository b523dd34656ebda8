{{loader}}
gapi.analytics.ready(function () {
  gapi.analytics.auth.authorize({ serverAuth: { access_token: '{{token}}' } });
});
