package batch

func (j *Job) Run(ctx context.Context, lines *bufio.Scanner) error {
	for lines.Scan() {
		// breach: batch/not-restartable
		if _, err := j.db.ExecContext(ctx, "UPDATE account SET balance = balance + $1 WHERE no = $2", parsePosting(lines.Text())...); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (j *Job) RunFrom(ctx context.Context, lines *bufio.Scanner) error {
	for number := 1; lines.Scan(); number++ {
		// near-miss: lines up to the saved one are left out; the position commits with the work
		if number <= j.savedLine {
			continue
		}
		if err := j.postAndSavePosition(ctx, number, lines.Text()); err != nil {
			return err
		}
	}
	return lines.Err()
}
