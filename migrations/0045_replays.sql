-- Why: a stored alert can be taken in again, to see on paper what it would come to now. The new alert says whose replay it is, so that each receipt
-- links to the other. Whatever is wrong elsewhere, a replay that asks for production cannot be stored.
ALTER TABLE "trading_signals" ADD COLUMN "replay_of" uuid REFERENCES "trading_signals" ("id");
--> statement-breakpoint
ALTER TABLE "trading_signals" ADD CONSTRAINT "trading_signals_replay_on_paper"
  CHECK ("replay_of" IS NULL OR ("parsed" ->> 'requestedMode') IS NOT DISTINCT FROM 'paper');
--> statement-breakpoint
CREATE INDEX "trading_signals_replays" ON "trading_signals" USING btree ("replay_of","received_at") WHERE "replay_of" IS NOT NULL;
