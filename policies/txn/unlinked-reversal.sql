UPDATE journal_entry
   -- breach: txn/unlinked-reversal
   SET amount = 100.00
 WHERE entry_id = 884213;
