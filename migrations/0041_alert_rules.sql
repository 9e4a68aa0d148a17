-- Why: what people want to be told of is theirs to say, and how it stands with each must outlive a restart: what holds is told once, and what was
-- told is not told again.
CREATE TABLE "alert_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"parameters" jsonb NOT NULL,
	"account_id" uuid,
	"strategy" text,
	"symbol" text,
	"severity" text NOT NULL,
	"once" boolean NOT NULL,
	"cooldown_minutes" integer NOT NULL,
	"active_hours" jsonb,
	"quiet_hours" jsonb,
	"is_on" boolean NOT NULL,
	"version" integer NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone,
	"firing" boolean DEFAULT false NOT NULL,
	"fired_at" timestamp with time zone,
	"fired_count" integer DEFAULT 0 NOT NULL,
	"memory" jsonb,
	"value" text,
	"problem" text,
	"problem_since" timestamp with time zone,
	"looked_at" timestamp with time zone
);
--> statement-breakpoint
-- What a rule counts is counted every few seconds: without what went well.
CREATE INDEX "events_failures" ON "events" USING btree ("at") WHERE kind IN ('order.rejected', 'decision.denied', 'signal.refused', 'signal.failed');
--> statement-breakpoint
-- The history of one rule.
CREATE INDEX "alarms_of_rule" ON "alarms" USING btree (("data"->>'ruleId'), "raised_at" DESC) WHERE "data" ? 'ruleId';
