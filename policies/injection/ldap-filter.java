class Web {
    void first(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // breach: injection/ldap-filter
        new InitialDirContext().search("ou=staff", "(uid=" + name + ")", null);
    }

    void second(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // near-miss: the value cannot do harm any more
        new InitialDirContext().search("ou=staff", "(uid=" + LdapEncoder.filterEncode(name) + ")", null);
    }

    void third(@RequestParam String name, HttpServletResponse response) throws Exception {
        pass(name, response);
        pass("fixed", response);
    }

    private void pass(String name, HttpServletResponse response) throws Exception {
        // breach: injection/ldap-filter
        new InitialDirContext().search("ou=staff", "(uid=" + name + ")", null);
    }
}
