app.use(session({
  name: 'sid',
  secret: process.env.SESSION_SECRET,
  // breach: auth/session-settings
  cookie: { httpOnly: true, secure: false },
}));

app.post('/login', (req, res) => {
  // breach: auth/session-settings
  res.cookie('sid', req.session.id, { maxAge: 86400000 });
  // breach: auth/session-settings
  res.cookie('access_token', issue(req.user));
  // near-miss: all flags are set
  res.cookie('sid', req.session.id, { maxAge: 900000, secure: true, httpOnly: true, sameSite: 'strict' });
  // near-miss: a theme opens nothing
  res.cookie('theme', 'dark');
  // near-miss: off only where developers work
  res.cookie('sid', req.session.id, { secure: process.env.NODE_ENV === 'production', httpOnly: true });
  // near-miss: not a cookie
  openDoor({ secure: false });
});
