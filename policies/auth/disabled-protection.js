const helmet = require('helmet');

app.use(helmet({
  // breach: auth/disabled-protection
  frameguard: false,
  // breach: auth/disabled-protection
  contentSecurityPolicy: false,
  // near-miss: the header stays, with a value of its own
  hsts: { maxAge: 31536000 },
}));

// breach: auth/disabled-protection
app.use(lusca({ csrf: false, xframe: 'SAMEORIGIN' }));

// breach: auth/disabled-protection
app.use(csurf({ cookie: true, ignoreMethods: ['GET', 'HEAD', 'POST'] }));

// near-miss: methods that change nothing
app.use(csurf({ cookie: true, ignoreMethods: ['GET', 'HEAD', 'OPTIONS'] }));

// near-miss: a column of a table, no protection
const columns = renderTable({ hsts: false, frameguard: false });

// near-miss: the defaults
app.use(helmet());
