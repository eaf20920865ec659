export const sessionMiddleware = session({
  name: 'sid',
  // breach: auth/session-settings
  cookie: { httpOnly: false, secure: true, sameSite: 'strict' },
});

export function login(res: Response, token: string): void {
  // breach: auth/session-settings
  res.cookie('auth_token', token, { httpOnly: true });
  // breach: auth/session-settings
  cookies().set('session', token, { httpOnly: true, secure: false });
  // near-miss: all flags are set
  res.cookie('auth_token', token, { httpOnly: true, secure: true, sameSite: 'strict' });
  // near-miss: scripts must read this one to answer it
  res.cookie('XSRF-TOKEN', token);
  // near-miss: the cookie is removed
  res.cookie('session', '', { maxAge: 0 });
}
