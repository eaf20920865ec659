package bank.util

import java.text.SimpleDateFormat
import java.time.LocalDate
import java.time.format.DateTimeFormatter

// breach: time/week-year-pattern
val booked: DateTimeFormatter = DateTimeFormatter.ofPattern("YYYY-MM-dd")

// near-miss: calendar year
val value: DateTimeFormatter = DateTimeFormatter.ofPattern("yyyy-MM-dd")

// near-miss: a week has a week-year
val week: DateTimeFormatter = DateTimeFormatter.ofPattern("YYYY-'W'ww-e")

// breach: time/week-year-pattern
fun stamp(): SimpleDateFormat = SimpleDateFormat("yyyy-MM-dd hh:mm:ss")

// near-miss: am or pm is told
fun shown(): SimpleDateFormat = SimpleDateFormat("yyyy-MM-dd hh:mm a")
