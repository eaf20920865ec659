class Arithmetic {
    void sum(int tainted) {
        int total = 10 + tainted * 2;
        Sink.sink(total); // flow
    }

    void sumOfOthers(int tainted) {
        int a = tainted;
        int b = 4;
        int total = b * b - 1;
        Sink.sink(total); // no flow
    }

    void compound(int tainted) {
        int counter = 1;
        counter += tainted;
        report(counter);
    }

    private void report(int n) {
        Sink.sink(n); // flow
    }

    void compoundReset(int tainted) {
        int counter = 1;
        counter += tainted;
        counter = 0;
        counter += 5;
        reportReset(counter);
    }

    private void reportReset(int n) {
        Sink.sink(n); // no flow
    }

    void postfix(int tainted) {
        int n = tainted;
        int before = n++;
        Sink.sink(before); // flow
    }

    void postfixOfAnother(int tainted) {
        int n = 7;
        int before = n++;
        n = tainted;
        Sink.sink(before); // no flow
    }

    void prefixNegated(int tainted) {
        int n = -tainted;
        Sink.sink(--n); // flow
    }

    void joined(String tainted) {
        String path = "/home/";
        path += tainted;
        path += "/.profile";
        open(path);
    }

    private static void open(String path) {
        Sink.sink(path); // flow
    }

    void joinedThenReplaced(String tainted) {
        String path = "/home/";
        path += tainted;
        path = "/etc/" + "hosts";
        openHosts(path);
    }

    private static void openHosts(String path) {
        Sink.sink(path); // no flow
    }

    void chainAssigned(String tainted) {
        String a;
        String b;
        a = b = tainted;
        Sink.sink(a); // flow
    }

    void chainAssignedClean(String tainted) {
        String a = tainted;
        String b;
        a = b = "both";
        Sink.sink(a + b); // no flow
    }

    void modulo(long tainted) {
        long bucket = tainted % 16;
        bucket <<= 1;
        Sink.sink(bucket); // flow
    }

    void moduloClean(long tainted) {
        long bucket = 33 % 16;
        bucket *= 2;
        Sink.sink(bucket); // no flow
    }

    void assignmentInside(String tainted) {
        String held = "none";
        if ((held = tainted) != null) {
            kept(held);
        }
    }

    private void kept(String s) {
        Sink.sink(s); // flow
    }

    void assignedAfterUse(String tainted) {
        String held = "none";
        keptEarly(held);
        held = tainted;
    }

    private void keptEarly(String s) {
        Sink.sink(s); // no flow
    }

    void mixedConcat(int tainted) {
        String label = "row " + tainted + '/' + 10;
        Sink.sink(label); // flow
    }

    void mixedConcatClean(int tainted) {
        int rows = tainted;
        rows = 10;
        String label = "row " + rows + '/' + 10;
        Sink.sink(label); // no flow
    }

    void swap(int tainted) {
        int a = tainted;
        int b = 2;
        int t = a;
        a = b;
        b = t;
        Sink.sink(a); // no flow
    }

    void swapOther(int tainted) {
        int a = tainted;
        int b = 2;
        int t = a;
        a = b;
        b = t;
        Sink.sink(b); // flow
    }

    void divided(double tainted) {
        double half = tainted / 2;
        half -= 0.5;
        Sink.sink(half); // flow
    }

    void arrayCompound(int tainted) {
        int[] sums = new int[2];
        sums[0] += tainted;
        sums[1] += 3;
        Sink.sink(sums[1]); // no flow
    }
}
