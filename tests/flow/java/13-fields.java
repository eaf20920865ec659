class Fields13 {
    static class Address {
        String street = "";
        String city = "";
        Geo geo = new Geo();
    }

    static class Geo {
        String lat = "0";
        String lon = "0";
        Zone zone = new Zone();
    }

    static class Zone {
        String name = "utc";
        int offset;
    }

    static class Person {
        String name = "";
        Address home = new Address();
        Address work = new Address();
    }

    void sameField(String tainted) {
        Address a = new Address();
        a.street = tainted;
        Sink.sink(a.street); // flow
    }

    void differentField(String tainted) {
        Address a = new Address();
        a.street = tainted;
        Sink.sink(a.city); // no flow
    }

    void twoObjects(String tainted) {
        Address a = new Address();
        Address b = new Address();
        a.city = tainted;
        b.city = "Oslo";
        visit(b);
    }

    private void visit(Address where) {
        Sink.sink(where.city); // no flow
    }

    void oneOfTwoObjects(String tainted) {
        Address a = new Address();
        Address b = new Address();
        a.city = "Oslo";
        b.city = tainted;
        visitB(b);
    }

    private void visitB(Address where) {
        Sink.sink(where.city); // flow
    }

    void deepPath(String tainted) {
        Person p = new Person();
        p.home.geo.zone.name = tainted;
        Sink.sink(p.home.geo.zone.name); // flow
    }

    void deepPathBranchesOff(String tainted) {
        Person p = new Person();
        p.home.geo.zone.name = tainted;
        Sink.sink(p.work.geo.zone.name); // no flow
    }

    void inwards(String tainted) {
        Person p = new Person();
        p.work.geo.lat = tainted;
        Geo g = p.work.geo;
        locate(g);
    }

    private void locate(Geo g) {
        Sink.sink(g.lat); // flow
    }

    void inwardsOtherField(String tainted) {
        Person p = new Person();
        p.work.geo.lat = tainted;
        Geo g = p.work.geo;
        locateLon(g);
    }

    private void locateLon(Geo g) {
        Sink.sink(g.lon); // no flow
    }

    void fieldOverwritten(String tainted) {
        Person p = new Person();
        p.name = tainted;
        p.name = "Ann";
        Sink.sink(p.name); // no flow
    }

    void innerObjectReplaced(String tainted) {
        Person p = new Person();
        p.home.city = tainted;
        p.home = new Address();
        Sink.sink(p.home.city); // no flow
    }

    void wholeObjectPassed(String tainted) {
        Person p = new Person();
        p.home.street = tainted;
        post(p);
    }

    private void post(Person p) {
        Sink.sink(p); // flow
    }

    void innerObjectMoved(String tainted) {
        Person p = new Person();
        p.home.city = tainted;
        p.work = p.home;
        p.home = new Address();
        Sink.sink(p.work.city); // flow
    }
}
