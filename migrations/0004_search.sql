-- Why: the search copy needs to know which set of indices is live, what its mapping refused, and what a ticker stands for.
CREATE TABLE "instruments" (
	"symbol" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"sector" text NOT NULL,
	"industry" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "search_refused" (
	"generation" integer NOT NULL,
	"alias" text NOT NULL,
	"id" text NOT NULL,
	"version" text NOT NULL,
	"part" text NOT NULL,
	"document" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "search_refused_generation_alias_id_pk" PRIMARY KEY("generation","alias","id")
);
--> statement-breakpoint
CREATE TABLE "search_state" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"live" integer DEFAULT 1 NOT NULL,
	"newest" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "search_state_one" CHECK ("search_state"."id" = 1)
);
--> statement-breakpoint
INSERT INTO "search_state" DEFAULT VALUES;
