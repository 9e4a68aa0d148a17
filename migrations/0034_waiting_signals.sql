-- What stands before an alert is counted each time it is looked at: without the thousands that have been decided.
CREATE INDEX "trading_signals_waiting" ON "trading_signals" USING btree ("ticker","strategy","received_at","id") WHERE status = 'accepted';
