-- Why: an alert that never came shows in the next one, by what its script says it held. What was found is kept with the decision; a strategy
-- that waits for a person to look at it is a row that outlives restarts, at most one of an account and a symbol; and when a strategy was last
-- heard of is a row of its own, as a heartbeat is no alert.
ALTER TABLE "decisions" ADD COLUMN "sequence" jsonb;
--> statement-breakpoint
CREATE TABLE "quarantines" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL REFERENCES "accounts"("id"),
	"strategy" text NOT NULL,
	"symbol" text NOT NULL,
	"signal_id" uuid NOT NULL REFERENCES "trading_signals"("id"),
	"expected" text NOT NULL,
	"found" text NOT NULL,
	"sentence" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"cleared_at" timestamp with time zone,
	"cleared_by" text,
	"reason" text,
	CHECK ((cleared_at IS NULL) = (cleared_by IS NULL) AND (cleared_at IS NULL) = (reason IS NULL))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "quarantines_one_open" ON "quarantines" USING btree ("account_id","strategy","symbol") WHERE cleared_at IS NULL;
--> statement-breakpoint
CREATE INDEX "quarantines_newest" ON "quarantines" USING btree ("opened_at" DESC,"id" DESC);
--> statement-breakpoint
CREATE TABLE "heartbeats" (
	"strategy" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"count" bigint DEFAULT 1 NOT NULL
);
