package com.bank.channel.session

class SessionSetup {
    fun login(request: HttpServletRequest, response: HttpServletResponse, id: String) {
        val cookie = Cookie("SESSIONID", id)
        cookie.isHttpOnly = true
        // breach: auth/session-settings
        cookie.secure = false
        response.addCookie(cookie)
        // breach: auth/session-settings
        request.session.maxInactiveInterval = 3600
        // near-miss: ten minutes
        request.session.maxInactiveInterval = 600
        // near-miss: the flag is set
        cookie.secure = true
        // near-miss: not a cookie
        door.secure = false
    }

    fun chain(http: HttpSecurity): SecurityFilterChain {
        // breach: auth/session-settings
        http.sessionManagement { it.sessionFixation { it.none() } }
        // near-miss: the identifier changes
        http.sessionManagement { it.sessionFixation { it.migrateSession() } }
        return http.build()
    }

    fun build(id: String): ResponseCookie =
        // breach: auth/session-settings
        ResponseCookie.from("SESSION", id).secure(false).build()
}
