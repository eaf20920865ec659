package bank.util;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.text.SimpleDateFormat;
import java.time.format.DateTimeFormatter;

class Dates {
    private static final String DUE = "yyyy-mm-dd";

    // breach: time/week-year-pattern
    static final DateTimeFormatter BOOKED = DateTimeFormatter.ofPattern("YYYY-MM-DD hh:mm:ss");
    // near-miss: calendar year, 24 hours
    static final DateTimeFormatter VALUE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    // near-miss: a week has a week-year
    static final DateTimeFormatter WEEK = DateTimeFormatter.ofPattern("YYYY-'W'ww");
    // near-miss: am or pm is told
    static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("dd.MM.yyyy hh:mm a");
    // near-miss: a Julian date
    static final DateTimeFormatter JULIAN = DateTimeFormatter.ofPattern("uuuuDDD");

    // breach: time/week-year-pattern
    @JsonFormat(pattern = "yyyy-mm-dd", timezone = "Asia/Shanghai")
    java.util.Date maturity;

    // near-miss: minutes and seconds
    @JsonFormat(pattern = "yyyy-MM-dd HH:mm:ss")
    java.util.Date booked;

    SimpleDateFormat due() {
        // breach: time/week-year-pattern
        return new SimpleDateFormat(DUE);
    }

    SimpleDateFormat stamp() {
        // breach: time/week-year-pattern
        return new SimpleDateFormat("yyyyMMddhhmmss");
    }

    String sql() {
        // near-miss: Oracle's own pattern in SQL text
        return String.format("select to_char(d, 'YYYY-MM-DD') from %s", "posting");
    }
}

class Sheet {
    // near-miss: a format of a spreadsheet, where mm beside dd are months
    CellFormat shown = CellFormat.getInstance("dd/mm/yyyy");
}

interface Formats {
    // breach: time/week-year-pattern
    String DATE = "YYYY-MM-dd";
    // near-miss: a text for people
    String HINT = "YYYY-MM-DD";
    // breach: time/week-year-pattern
    String TIMESTAMP = "yyyy-MM-dd hh:mm:ss";
}
