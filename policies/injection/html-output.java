class Web {
    void first(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // breach: injection/html-output
        response.getWriter().println("<b>" + name + "</b>");
    }

    void second(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // near-miss: the value cannot do harm any more
        response.getWriter().println("<b>" + HtmlUtils.htmlEscape(name) + "</b>");
    }

    void third(@RequestParam String name, HttpServletResponse response) throws Exception {
        pass(name, response);
        pass("fixed", response);
    }

    private void pass(String name, HttpServletResponse response) throws Exception {
        // breach: injection/html-output
        response.getWriter().println("<b>" + name + "</b>");
    }
}
