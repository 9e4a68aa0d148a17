-- Why: rules and stops look at a year of daily bars, and at the venue's sessions, while an account is locked: nothing may be asked for then.
-- Kept here, a start does not wait for the venue, and several processes ask it once.
CREATE TABLE "daily_bars" (
	"symbol" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"open" numeric NOT NULL,
	"high" numeric NOT NULL,
	"low" numeric NOT NULL,
	"close" numeric NOT NULL,
	"volume" numeric NOT NULL,
	CONSTRAINT "daily_bars_pk" PRIMARY KEY("symbol","at"),
	CONSTRAINT "daily_bars_sane" CHECK (low > 0 AND low <= open AND low <= close AND high >= open AND high >= close AND volume >= 0)
);
--> statement-breakpoint
CREATE TABLE "daily_bar_reads" (
	"symbol" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	"wanted_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "market_sessions" (
	"day" date PRIMARY KEY NOT NULL,
	"opens_at" timestamp with time zone,
	"closes_at" timestamp with time zone,
	"source" text NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	CONSTRAINT "market_sessions_whole" CHECK ((opens_at IS NULL) = (closes_at IS NULL) AND (opens_at IS NULL OR opens_at < closes_at))
);
