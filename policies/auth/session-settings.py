from datetime import timedelta

# breach: auth/session-settings
SESSION_COOKIE_SECURE = False
# near-miss: the flag is set
SESSION_COOKIE_HTTPONLY = True
# breach: auth/session-settings
SESSION_COOKIE_AGE = 1209600
# near-miss: fifteen minutes
SESSION_COOKIE_AGE = 900

# breach: auth/session-settings
app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=31)
# near-miss: fifteen minutes
app.permanent_session_lifetime = timedelta(minutes=15)


def login(response, session_id):
    # breach: auth/session-settings
    response.set_cookie("session_id", session_id)
    # breach: auth/session-settings
    response.set_cookie("auth_token", session_id, secure=False, httponly=True)
    # near-miss: all flags are set
    response.set_cookie("session_id", session_id, secure=True, httponly=True, samesite="Strict")
    # near-miss: a language opens nothing
    response.set_cookie("lang", "de")
    # near-miss: the cookie is removed
    response.set_cookie("session_id", "", max_age=0)
    return response
