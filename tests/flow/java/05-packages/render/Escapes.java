package render;

class Escapes {
    static String close(String open) {
        return open.replace("<", "</");
    }
}
