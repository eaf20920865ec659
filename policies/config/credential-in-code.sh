#!/bin/sh
# breach: config/credential-in-code
export POSTING_PASSWORD='P0sting#2025'
# breach: config/credential-in-code
sqlplus posting/ledger77@LEDGER @end_of_day.sql
# near-miss: read when the script runs
export MAIL_PASSWORD="$(vault read -field=value mail)"
# near-miss: a variable
sqlplus posting/"$POSTING_PASSWORD"@LEDGER @report.sql
