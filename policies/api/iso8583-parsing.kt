package com.bank.cards

// ISO 8583
class Matcher(private val pending: MutableMap<String, Pending>) {
    fun match(response: IsoMsg) {
        // breach: api/iso8583-parsing
        pending.remove(response.getString(11))?.complete(response.getString(39) == "00")
    }

    fun matchByKey(response: IsoMsg) {
        val key = listOf(response.mti, response.getString(11), response.getString(37), response.getString(41), response.getString(7))
        // near-miss: the full key, and only the listed code approves
        pending.remove(key.joinToString("|"))?.complete(response.getString(39) == "00")
    }
}
