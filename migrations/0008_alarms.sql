-- Why: what a person must look at is a row that is open until it is mended, so that it is told once, survives a restart, and can be seen
-- afterwards with who acknowledged it and how it ended.
CREATE TABLE "alarms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"severity" text NOT NULL,
	"account_id" uuid,
	"order_id" uuid,
	"sentence" text NOT NULL,
	"data" jsonb NOT NULL,
	"count" integer DEFAULT 1 NOT NULL,
	"raised_at" timestamp with time zone NOT NULL,
	"last_raised_at" timestamp with time zone NOT NULL,
	"acknowledged_at" timestamp with time zone,
	"acknowledged_by" text,
	"cleared_at" timestamp with time zone,
	"cleared_sentence" text,
	"delivered_at" timestamp with time zone,
	"delivery_problem" text
);
--> statement-breakpoint
CREATE UNIQUE INDEX "alarms_one_open" ON "alarms" USING btree ("key") WHERE cleared_at is null;
--> statement-breakpoint
CREATE INDEX "alarms_newest" ON "alarms" USING btree ("raised_at" DESC,"id" DESC);
