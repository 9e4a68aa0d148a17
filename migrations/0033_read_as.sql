-- Why: what a source is set to (its dialect, its strategy, its template and units) decides what an alert of it says, and may be changed later. A
-- replay must read the alert as it was to be read then. Null: nothing was set, and its shape told; so it is for alerts that came before.
ALTER TABLE "trading_signals" ADD COLUMN "read_as" jsonb;
