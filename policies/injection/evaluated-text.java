class Web {
    void first(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // breach: injection/evaluated-text
        new SpelExpressionParser().parseExpression("rate + " + name).getValue();
    }

    void second(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // near-miss: the value cannot do harm any more
        new SpelExpressionParser().parseExpression("rate + 1").getValue();
    }

    void third(@RequestParam String name, HttpServletResponse response) throws Exception {
        pass(name, response);
        pass("fixed", response);
    }

    private void pass(String name, HttpServletResponse response) throws Exception {
        // breach: injection/evaluated-text
        new SpelExpressionParser().parseExpression("rate + " + name).getValue();
    }
}
