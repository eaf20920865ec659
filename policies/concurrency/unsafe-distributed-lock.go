package eod

func (j *Job) Run(ctx context.Context, branch string) error {
	// breach: concurrency/unsafe-distributed-lock
	ok, err := j.rdb.SetNX(ctx, "eod:"+branch, "1", 0).Result()
	if err != nil || !ok {
		return err
	}
	defer j.rdb.Del(ctx, "eod:"+branch)
	return j.postInterest(ctx, branch)
}

func (j *Job) RunGuarded(ctx context.Context, branch, token string) error {
	ok, err := j.rdb.SetNX(ctx, "eod:"+branch, token, 5*time.Minute).Result()
	if err != nil || !ok {
		return err
	}
	defer compareAndDelete.Run(ctx, j.rdb, []string{"eod:" + branch}, token)
	// near-miss: a unique control record behind the lock
	if err := j.control.Claim(ctx, "interest", branch); err != nil {
		return err
	}
	return j.postInterest(ctx, branch)
}
