#include "ledger.h"

void credit(Ledger& ledger, const Account& account, const Money& amount)
{
    try {
        ledger.credit(account, amount);
    }
    // breach: error/swallowed-exception
    catch (const LedgerError& e) {
    }
}

void refresh(Rates& rates)
{
    try {
        rates.refresh();
    }
    // breach: error/swallowed-exception
    catch (...) {
    }
}

void translated(Ledger& ledger, const Account& account, const Money& amount)
{
    try {
        ledger.credit(account, amount);
    }
    // near-miss: translated
    catch (const LedgerError& e) {
        std::throw_with_nested(PostingError(account));
    }
}

Session::~Session()
{
    try {
        logout();
    }
    // near-miss: a destructor must not throw
    catch (...) {
    }
}
