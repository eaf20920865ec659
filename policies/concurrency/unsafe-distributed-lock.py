def settle(batch):
    # breach: concurrency/unsafe-distributed-lock
    if redis.setnx(f"settle:{batch.id}", 1):
        redis.expire(f"settle:{batch.id}", 300)
        post_batch(batch)
        redis.delete(f"settle:{batch.id}")


def settle_guarded(batch, token):
    if redis.set(f"settle:{batch.id}", token, nx=True, ex=300):
        # near-miss: the status moves on only once
        if Batch.objects.filter(pk=batch.pk, status="READY").update(status="SETTLING") == 1:
            post_batch(batch)
        compare_and_delete(keys=[f"settle:{batch.id}"], args=[token])
