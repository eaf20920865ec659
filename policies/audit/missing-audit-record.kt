package com.bank.rights

class RightsController(private val roles: RoleService, private val journal: AuditJournal) {
    @PostMapping("/users/{id}/roles")
    fun grant(@PathVariable id: String, @RequestBody command: GrantRole) {
        // breach: audit/missing-audit-record
        roles.grant(id, command.role)
    }

    @DeleteMapping("/users/{id}/roles/{role}")
    @Transactional
    fun revoke(@PathVariable id: String, @PathVariable role: String, by: BankUser) {
        roles.revoke(id, role)
        // near-miss: a journal in the same transaction
        journal.append(by, "ROLE_REVOKED", id, role)
    }
}
