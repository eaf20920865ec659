class Branches {
    void either(String tainted, boolean loud) {
        String text;
        if (loud) {
            text = tainted;
        } else {
            text = "quiet";
        }
        Sink.sink(text); // flow
    }

    void bothReplaced(String tainted, boolean loud) {
        String text = tainted;
        if (loud) {
            text = "LOUD";
        } else {
            text = "quiet";
        }
        Sink.sink(text); // no flow
    }

    void deadBranch(String tainted) {
        String text = "safe";
        if (false) {
            text = tainted;
        }
        emit(text);
    }

    private void emit(String text) {
        Sink.sink(text); // no flow
    }

    void liveBranch(String tainted) {
        String text = "safe";
        if (true) {
            text = tainted;
        }
        emitLive(text);
    }

    private void emitLive(String text) {
        Sink.sink(text); // flow
    }

    void onlyOneReplaced(String tainted, int level) {
        String text = tainted;
        if (level == 0) {
            text = "zero";
        } else if (level == 1) {
            text = "one";
        }
        Sink.sink(text); // flow
    }

    void oldSwitch(String tainted, int kind) {
        String out = "";
        switch (kind) {
            case 1:
                out = "one";
                break;
            case 2:
                out = tainted;
                break;
            default:
                out = "many";
        }
        Sink.sink(out); // flow
    }

    void oldSwitchClean(String tainted, int kind) {
        String out = tainted;
        switch (kind) {
            case 1:
                out = "one";
                break;
            case 2:
                out = "two";
                break;
            default:
                out = "many";
        }
        Sink.sink(out); // no flow
    }

    void switchExpression(String tainted, int day) {
        String name = switch (day) {
            case 0, 6 -> "weekend";
            case 5 -> tainted;
            default -> "weekday";
        };
        Sink.sink(name); // flow
    }

    void switchOnConstant(String tainted) {
        String name = switch (3) {
            case 5 -> tainted;
            case 3 -> "three";
            default -> tainted + "?";
        };
        named(name);
    }

    private void named(String name) {
        Sink.sink(name); // no flow
    }

    void ternary(String tainted, int n) {
        String pick = n > 3 ? "big" : tainted;
        chosen(pick);
    }

    private void chosen(String pick) {
        Sink.sink(pick); // flow
    }

    void ternaryConstant(String tainted) {
        String pick = true ? "always" : tainted;
        Sink.sink(pick); // no flow
    }

    void patternMatch(Object tainted) {
        if (tainted instanceof String s && s.length() > 1) {
            Sink.sink(s); // flow
        }
    }

    void sinkInOtherBranch(String tainted, boolean admin) {
        String text = "guest";
        if (admin) {
            text = tainted;
        } else {
            Sink.sink(text); // no flow
        }
    }

    void sinkInSameBranch(String tainted, boolean admin) {
        String text = "guest";
        if (admin) {
            text = tainted;
            Sink.sink(text); // flow
        } else {
            text = "guest2";
        }
    }

    void nestedElse(String tainted, boolean a) {
        String v = tainted;
        if (a) {
            v = "a";
        } else {
            if (!false) {
                v = "b";
            }
        }
        inner(v);
    }

    private void inner(String v) {
        Sink.sink(v); // no flow
    }
}
