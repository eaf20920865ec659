package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
)

func byNumber(db *sql.DB, r *http.Request) *sql.Row {
	q := fmt.Sprintf("SELECT bal FROM acct WHERE no = '%s'", r.URL.Query().Get("no"))
	// breach: injection/sql-text
	return db.QueryRow(q)
}

func byOwner(ctx context.Context, db *sql.DB, owner string) (*sql.Rows, error) {
	// breach: injection/sql-text
	return db.QueryContext(ctx, "SELECT no FROM acct WHERE owner = '"+owner+"'")
}

func right(ctx context.Context, db *sql.DB, no string) *sql.Row {
	// near-miss: the value is bound
	return db.QueryRowContext(ctx, "SELECT bal FROM acct WHERE no = $1", no)
}

func page(db *sql.DB, limit int) (*sql.Rows, error) {
	// near-miss: a number carries no statement
	return db.Query(fmt.Sprintf("SELECT no FROM acct LIMIT %d", limit))
}

const table = "acct"

func constants(db *sql.DB) (*sql.Rows, error) {
	// near-miss: every part is constant
	return db.Query("SELECT no FROM " + table)
}
