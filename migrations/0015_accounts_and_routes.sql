-- Why: accounts are added, limited and taken away while the server runs, and one alert may go to several of them: which ones is set
-- down with its first decision, so that a crash between two decisions goes on with the rest, and with nothing else.
ALTER TABLE "accounts" ADD COLUMN "limits" jsonb DEFAULT '{}' NOT NULL;
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "account_number" text;
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "keys_from" text DEFAULT 'environment' NOT NULL;
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "archived_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "weight" numeric DEFAULT '1' NOT NULL;
--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "shadow" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "trading_signals" ADD COLUMN "destinations" jsonb;
--> statement-breakpoint
-- Until now an account was only switched off because its keys were not in the environment.
UPDATE "accounts" SET keys_from = 'missing' WHERE NOT enabled;
