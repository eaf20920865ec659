class Web {
    void first(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        javax.xml.xpath.XPath xpath = factory();
        // breach: injection/xpath-expression
        xpath.evaluate("//account[@id='" + name + "']", document());
    }

    void second(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // near-miss: the value cannot do harm any more
        Object found = factory().evaluate("//account[@id=1]", document());
    }

    private javax.xml.xpath.XPath factory() {
        return javax.xml.xpath.XPathFactory.newInstance().newXPath();
    }

    private Object document() {
        return null;
    }
}
