void transfer(struct account *payer, struct account *payee, int64_t amount)
{
    pthread_mutex_lock(&payer->lock);
    // breach: txn/lock-order
    pthread_mutex_lock(&payee->lock);
    payer->balance -= amount;
    payee->balance += amount;
    pthread_mutex_unlock(&payee->lock);
    pthread_mutex_unlock(&payer->lock);
}

void transfer_ordered(struct account *payer, struct account *payee, int64_t amount)
{
    struct account *first = payer->no < payee->no ? payer : payee;
    struct account *second = first == payer ? payee : payer;
    pthread_mutex_lock(&first->lock);
    // near-miss: the lower number first
    pthread_mutex_lock(&second->lock);
    payer->balance -= amount;
    payee->balance += amount;
    pthread_mutex_unlock(&second->lock);
    pthread_mutex_unlock(&first->lock);
}
