//* breach: config/credential-in-code
//CBPAYFTP JOB (ACCT),'PAY SEND',CLASS=A,USER=PRODFTP,PASSWORD=SECRET1
//* near-miss: the surrogate has no password
//CBPAYBAT JOB (ACCT),'PAY POST',CLASS=A,USER=PRODBAT
//* near-miss: the scheduler fills it in
//CBPAYEOD JOB (ACCT),'PAY EOD',CLASS=A,USER=PRODEOD,PASSWORD=&PW
//FTP      EXEC PGM=FTP
//INPUT    DD *
CLEARING
//* breach: config/credential-in-code
USER PAYSEND PASS CLEAR77
PUT 'PROD.PAY.OUT' PAYOUT
QUIT
/*
