package posting

import (
	"fmt"
	"log/slog"
	"os"
)

func post(entry Entry) error {
	// breach: audit/console-output
	fmt.Println("post", entry.AccountNo)
	// breach: audit/console-output
	fmt.Fprintf(os.Stderr, "post failed %s\n", entry.AccountNo)
	// near-miss: the logger takes it
	slog.Info("post", "entry", entry.ID)
	// near-miss: only formats
	key := fmt.Sprintf("entry-%d", entry.ID)
	// near-miss: a writer that was handed in
	fmt.Fprintf(entry.Report, "%s\n", key)
	return nil
}
