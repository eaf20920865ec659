class Web {
    void first(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // breach: injection/forged-log-entry
        LoggerFactory.getLogger("web").info("user " + name);
    }

    void second(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // near-miss: the value cannot do harm any more
        LoggerFactory.getLogger("web").info("user " + name.replaceAll("[\r\n]", "_"));
    }

    void third(@RequestParam String name, HttpServletResponse response) throws Exception {
        pass(name, response);
        pass("fixed", response);
    }

    private void pass(String name, HttpServletResponse response) throws Exception {
        // breach: injection/forged-log-entry
        LoggerFactory.getLogger("web").info("user " + name);
    }
}
