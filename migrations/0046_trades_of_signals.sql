-- Why: a receipt says what came of the trades that its alert opened, and must not read all trades for it.
CREATE INDEX "closed_trades_signal" ON "closed_trades" USING btree ("signal_id") WHERE "signal_id" IS NOT NULL;
