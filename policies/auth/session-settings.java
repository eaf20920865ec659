package com.bank.channel.session;

@Configuration
// breach: auth/session-settings
@EnableRedisHttpSession(maxInactiveIntervalInSeconds = 3600)
class SessionSetup {

    void login(HttpServletRequest request, HttpServletResponse response, String sessionId) {
        // breach: auth/session-settings
        Cookie cookie = new Cookie("SESSIONID", sessionId);
        response.addCookie(cookie);
        // breach: auth/session-settings
        request.getSession().setMaxInactiveInterval(-1);
    }

    void remember(HttpServletResponse response, String token) {
        Cookie cookie = new Cookie("remember-me", token);
        cookie.setHttpOnly(true);
        // breach: auth/session-settings
        cookie.setSecure(false);
        response.addCookie(cookie);
    }

    void script(HttpServletResponse response, String token) {
        // breach: auth/session-settings
        Cookie auth = new Cookie(AUTH_TOKEN, token);
        auth.setSecure(true);
        response.addCookie(auth);
    }

    void good(HttpServletRequest request, HttpServletResponse response, String sessionId) {
        request.changeSessionId();
        // near-miss: all flags are set
        Cookie cookie = new Cookie("SESSIONID", sessionId);
        cookie.setSecure(true);
        cookie.setHttpOnly(true);
        response.addCookie(cookie);
        // near-miss: ten minutes
        request.getSession().setMaxInactiveInterval(600);
        // near-miss: ten minutes, written out
        request.getSession().setMaxInactiveInterval(10 * 60);
    }

    void language(HttpServletResponse response, String language) {
        // near-miss: a language opens nothing
        Cookie cookie = new Cookie("lang", language);
        response.addCookie(cookie);
    }

    void logout(HttpServletResponse response) {
        // near-miss: the cookie is removed
        Cookie cookie = new Cookie("SESSIONID", "");
        cookie.setMaxAge(0);
        response.addCookie(cookie);
    }

    SecurityFilterChain chain(HttpSecurity http) throws Exception {
        // breach: auth/session-settings
        http.sessionManagement(s -> s.sessionFixation().none());
        // breach: auth/session-settings
        http.sessionManagement(s -> s.sessionFixation(SessionFixationConfigurer::none));
        // near-miss: the identifier changes
        http.sessionManagement(s -> s.sessionFixation().migrateSession());
        // near-miss: a stream without match
        boolean free = limits.stream().none();
        return http.build();
    }

    ResponseCookie build(String id) {
        // breach: auth/session-settings
        return ResponseCookie.from("SESSION", id).httpOnly(true).secure(false).build();
    }

    void other(Door door, SessionRepository sessions) {
        // near-miss: not a cookie
        door.setSecure(false);
        // breach: auth/session-settings
        sessions.setDefaultMaxInactiveInterval(Duration.ofHours(8));
        // near-miss: ten minutes
        sessions.setDefaultMaxInactiveInterval(Duration.ofMinutes(10));
    }
}
