import java.nio.charset.StandardCharsets;
import java.util.Base64;

class Primitives {
    void intValue(int tainted) {
        int port = tainted;
        Sink.sink(port); // flow
    }

    void intReplaced(int tainted) {
        int port = tainted;
        port = 8080;
        Sink.sink(port); // no flow
    }

    void boxed(int tainted) {
        Integer box = Integer.valueOf(tainted);
        unboxed(box);
    }

    private void unboxed(Integer box) {
        int plain = box.intValue();
        Sink.sink(plain); // flow
    }

    void boxedConstant(int tainted) {
        Integer box = Integer.valueOf(tainted);
        Integer limit = Integer.valueOf(100);
        unboxedLimit(limit);
    }

    private void unboxedLimit(Integer box) {
        int plain = box.intValue();
        Sink.sink(plain); // no flow
    }

    void builtUp(String tainted) {
        StringBuilder sb = new StringBuilder("select ");
        sb.append(tainted).append(" from t");
        Sink.sink(sb.toString()); // flow
    }

    void builderReset(String tainted) {
        StringBuilder sb = new StringBuilder();
        sb.append(tainted);
        sb.setLength(0);
        sb.append("select 1");
        Sink.sink(sb.toString()); // no flow
    }

    void sliceOf(String tainted) {
        String s = tainted + "-suffix";
        String cut = s.substring(0, 4).toUpperCase();
        show(cut);
    }

    private void show(String s) {
        Sink.sink(s); // flow
    }

    void sliceOfConstant(String tainted) {
        String s = "constant";
        String cut = s.substring(2).replace('t', 'T');
        showConstant(cut);
    }

    private void showConstant(String s) {
        Sink.sink(s); // no flow
    }

    void encodedAndDecoded(String tainted) {
        byte[] raw = tainted.getBytes(StandardCharsets.UTF_8);
        String b64 = Base64.getEncoder().encodeToString(raw);
        byte[] back = Base64.getDecoder().decode(b64);
        Sink.sink(new String(back, StandardCharsets.UTF_8)); // flow
    }

    void encodedOther(String tainted) {
        byte[] raw = tainted.getBytes(StandardCharsets.UTF_8);
        raw = "fixed".getBytes(StandardCharsets.UTF_8);
        String b64 = Base64.getEncoder().encodeToString(raw);
        Sink.sink(b64); // no flow
    }

    void oneChar(String tainted) {
        char c = tainted.charAt(0);
        Sink.sink(c); // flow
    }

    void loneChar(char tainted) {
        char[] pair = {tainted, '='};
        separator(pair[1]);
    }

    private void separator(char c) {
        Sink.sink(c); // no flow
    }

    void charOfPair(char tainted) {
        char[] pair = {'=', tainted};
        letter(pair[1]);
    }

    private void letter(char c) {
        Sink.sink(Character.toUpperCase(c)); // flow
    }

    void flagPassed(boolean tainted) {
        Boolean flag = tainted;
        Sink.sink(flag); // flow
    }

    void flagCleared(boolean tainted) {
        Boolean flag = tainted;
        flag = Boolean.FALSE;
        Sink.sink(flag); // no flow
    }

    void bytesOf(byte tainted) {
        byte[] packet = new byte[4];
        packet[3] = tainted;
        Sink.sink(packet); // flow
    }

    void freshPacket(byte tainted) {
        byte[] packet = new byte[4];
        packet[3] = tainted;
        byte[] second = new byte[packet.length];
        Sink.sink(second); // no flow
    }

    void doubles(double tainted) {
        Double price = tainted;
        double[] prices = {1.0, price};
        total(prices[1]);
    }

    private void total(double amount) {
        Sink.sink(amount); // flow
    }

    void doublesClean(double tainted) {
        Double price = tainted;
        double[] prices = {1.0, price};
        totalClean(prices[0]);
    }

    private void totalClean(double amount) {
        Sink.sink(amount); // no flow
    }

    void formatted(long tainted) {
        String line = String.format("%d items", tainted);
        Sink.sink(line); // flow
    }

    void formattedConstant(long tainted) {
        long n = 3L;
        String line = String.format("%d items", n);
        Sink.sink(line); // no flow
    }
}
