class AccessCheck {
    // near-miss: letters of another script
    String title = "审批通过 — تم";
    // near-miss: an escape is seen
    String mark = "\u200F\u202E";
    // near-miss: joiners of emoji
    String family = "👨‍👩‍👧";
    // breach: audit/hidden-characters
    String role = "user‮ ⁦// checked⁩ ⁦";
    // breach: audit/hidden-characters
    boolean is​Admin = false;
    // breach: audit/hidden-characters
    int lim‍it = 0;
    /* breach: audit/hidden-characters */
    // 󠁁󠁂
}
