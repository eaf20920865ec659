class Web {
    void first(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // breach: injection/untrusted-deserialisation
        new ObjectInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(name))).readObject();
    }

    void second(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // near-miss: the value cannot do harm any more
        new ObjectMapper().readValue(name, Payment.class);
    }

    void third(@RequestParam String name, HttpServletResponse response) throws Exception {
        pass(name, response);
        pass("fixed", response);
    }

    private void pass(String name, HttpServletResponse response) throws Exception {
        // breach: injection/untrusted-deserialisation
        new ObjectInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(name))).readObject();
    }
}
