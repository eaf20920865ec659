class Box {
    String value = "";
    Box next;
    static String shared = "";
}

class Aliases {
    void same(String tainted) {
        Box a = new Box();
        Box b = a;
        a.value = tainted;
        Sink.sink(b.value); // flow
        b.value = "c";
        Sink.sink(a.value); // no flow
    }

    void broken(String tainted) {
        Box a = new Box();
        Box b = a;
        b = new Box();
        a.value = tainted;
        Sink.sink(b.value); // no flow
    }

    void linked(String tainted) {
        Box head = new Box();
        head.next = new Box();
        Box tail = head.next;
        tail.value = tainted;
        Sink.sink(head.next.value); // flow
        Sink.sink(head.value); // no flow
    }

    void statics(String tainted) {
        Box.shared = tainted;
        Sink.sink(Box.shared); // flow
        Box.shared = "s";
        Sink.sink(Box.shared); // no flow
    }

    Box self(Box given) { return given; }

    void returned(String tainted) {
        Box a = new Box();
        self(a).value = tainted;
        Sink.sink(a.value); // flow
        Box other = self(new Box());
        Sink.sink(other.value); // no flow
    }

    void parameter(String tainted, Box given) {
        given.value = tainted;
        Sink.sink(given.value); // flow
        given.value = "x";
        Sink.sink(given.value); // no flow
    }
}
