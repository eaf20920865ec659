class Objects10 {
    static class Account {
        private String owner;
        private final String iban;

        Account(String iban) {
            this.iban = iban;
        }

        void setOwner(String owner) {
            this.owner = owner;
        }

        String getOwner() {
            return owner;
        }

        String getIban() {
            return iban;
        }
    }

    void setterGetter(String tainted) {
        Account account = new Account("GB00");
        account.setOwner(tainted);
        Sink.sink(account.getOwner()); // flow
    }

    void setterOtherGetter(String tainted) {
        Account account = new Account("GB00");
        account.setOwner(tainted);
        Sink.sink(account.getIban()); // no flow
    }

    void constructorArgument(String tainted) {
        pay(new Account(tainted));
    }

    private void pay(Account to) {
        Sink.sink(to.getIban()); // flow
    }

    void freshAccount(String tainted) {
        Account account = new Account(tainted);
        account = new Account("GB01");
        payFresh(account);
    }

    private void payFresh(Account to) {
        Sink.sink(to.getIban()); // no flow
    }

    void anonymousClass(String tainted) {
        Object view = new Object() {
            @Override
            public String toString() {
                return "view of " + tainted;
            }
        };
        Sink.sink(view.toString()); // flow
    }

    void anonymousClassClean(String tainted) {
        Object view = new Object() {
            private final String kept = tainted;

            @Override
            public String toString() {
                return "view";
            }
        };
        String shown = view.toString();
        Sink.sink(shown); // no flow
    }

    private String draft = "empty";

    class Editor {
        void type(String s) {
            draft = s;
        }

        void publish() {
            Sink.sink(draft); // flow
        }
    }

    void innerClassWritesOuter(String tainted) {
        Editor editor = new Editor();
        editor.type(tainted);
        editor.publish();
    }

    private String banner = "welcome";

    class Board {
        private String banner = "none";

        void write(String s) {
            this.banner = s;
        }

        void showOuter() {
            Sink.sink(Objects10.this.banner); // no flow
        }
    }

    void innerFieldShadowsOuter(String tainted) {
        Board board = new Board();
        board.write(tainted);
        board.showOuter();
    }

    record Point(String label, int x) {
    }

    void recordComponent(String tainted) {
        Point p = new Point(tainted, 3);
        Sink.sink(p.label()); // flow
    }

    void recordOtherComponent(String tainted) {
        Point p = new Point(tainted, 3);
        Sink.sink(p.x()); // no flow
    }

    static class Node {
        final Object value;
        final Node next;

        Node(Object value, Node next) {
            this.value = value;
            this.next = next;
        }
    }

    void linked(String tainted) {
        Node list = new Node("head", new Node(tainted, null));
        tail(list.next);
    }

    private static void tail(Node n) {
        Sink.sink(n.value); // flow
    }

    void linkedHead(String tainted) {
        Node list = new Node("head", new Node(tainted, null));
        head(list);
    }

    private static void head(Node n) {
        Sink.sink(n.value); // no flow
    }

    static class Counter {
        static final String UNIT = "ms";
        String unit = UNIT;
        String last = "0";

        Counter of(String v) {
            this.last = v + this.unit;
            return this;
        }
    }

    void fieldInitialiser(String tainted) {
        Counter c = new Counter().of(tainted);
        Sink.sink(c.last); // flow
    }

    void fieldInitialiserOnly(String tainted) {
        Counter c = new Counter().of(tainted);
        Sink.sink(c.unit); // no flow
    }
}
