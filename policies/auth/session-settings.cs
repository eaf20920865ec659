namespace Bank.Channel;

public static class SessionSetup
{
    public static void Add(IServiceCollection services)
    {
        services.AddSession(options =>
        {
            // breach: auth/session-settings
            options.Cookie.HttpOnly = false;
            // breach: auth/session-settings
            options.IdleTimeout = TimeSpan.FromHours(2);
        });
        services.AddAuthentication().AddCookie(options =>
        {
            // breach: auth/session-settings
            options.Cookie.SecurePolicy = CookieSecurePolicy.None;
            // near-miss: ten minutes
            options.ExpireTimeSpan = TimeSpan.FromMinutes(10);
        });
    }

    public static void Login(HttpResponse response, string sessionId)
    {
        // breach: auth/session-settings
        response.Cookies.Append("session_id", sessionId);
        // breach: auth/session-settings
        response.Cookies.Append("auth_token", sessionId, new CookieOptions { HttpOnly = true, Secure = false });
        // near-miss: all flags are set
        response.Cookies.Append("session_id", sessionId, new CookieOptions { Secure = true, HttpOnly = true });
        // near-miss: a theme opens nothing
        response.Cookies.Append("theme", "dark");
        // near-miss: not a cookie
        var door = new Door { Secure = false };
    }
}
