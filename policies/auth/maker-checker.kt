package com.bank.limit

class LimitApproval(private val limits: LimitRepository) {
    fun approve(command: ApproveLimit) {
        // breach: auth/maker-checker
        limits.markApproved(command.limitId, command.approver, Status.APPROVED)
    }

    fun approveAs(limitId: Long, checker: BankUser) {
        // near-miss: the WHERE clause asks for another maker
        check(limits.updateStatusWhereMakerIsNot(limitId, checker.id, Status.APPROVED) == 1) { "own limit" }
    }
}
