class Web {
    void first(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // breach: injection/redirect-target
        response.sendRedirect(name);
    }

    void second(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // near-miss: the value cannot do harm any more
        response.sendRedirect("/pay/" + Integer.parseInt(name));
    }

    void third(@RequestParam String name, HttpServletResponse response) throws Exception {
        pass(name, response);
        pass("fixed", response);
    }

    private void pass(String name, HttpServletResponse response) throws Exception {
        // breach: injection/redirect-target
        response.sendRedirect(name);
    }
}
