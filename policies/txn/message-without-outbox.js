async function settle(order) {
  await orders.update(order.id, { status: 'SETTLED' });
  // breach: txn/message-without-outbox
  await producer.send({ topic: 'order-settled', messages: [{ value: order.id }] });
}

async function cancel(order) {
  await db.transaction(async (tx) => {
    await tx.orders.update(order.id, { status: 'CANCELLED' });
    // near-miss: stored in the same transaction
    await tx.outbox.insert({ topic: 'order-cancelled', body: order.id });
  });
  bus.emit('outbox-filled');
}
